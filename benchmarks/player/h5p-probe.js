/* The smallest content type that H5P runs: a text and a button that changes it. */
var H5P = window.H5P || {};
H5P.Probe = function (params) {
  this.attach = function ($container) {
    $container.html('<p></p><button type="button" class="h5p-probe">Continue</button>');
    $container.find("p").text(params.text);
    $container.find("button").on("click", function () { $container.find("p").text("Done"); });
  };
};
