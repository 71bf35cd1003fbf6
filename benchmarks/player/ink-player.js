/* The loop of inkjs's browser template: paragraphs while the story continues, then its choices. */
var story;
function play() {
  story = new inkjs.Story(storyContent);
  continueStory();
}
function continueStory() {
  var told = document.getElementById("story");
  var choices = document.getElementById("choices");
  told.replaceChildren();
  choices.replaceChildren();
  while (story.canContinue) {
    var paragraph = document.createElement("p");
    paragraph.textContent = story.Continue();
    told.append(paragraph);
  }
  story.currentChoices.forEach(function (choice) {
    var button = document.createElement("button");
    button.textContent = choice.text;
    button.addEventListener("click", function () {
      story.ChooseChoiceIndex(choice.index);
      continueStory();
    });
    choices.append(button);
  });
}
