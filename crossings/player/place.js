/* Small drawings of ours: places as a quiet strip, people as monograms. */
(function () {
  "use strict";
  const P = globalThis.CrossingsPlayer;
  const K = P.kit;

  /* Each drawing is 320 by 96; the ground lies at 80. Classes: s stroke, f soft fill, d dark fill,
     w lit window. */
  const WAVES = "q5-4 10 0t10 0 10 0 10 0 10 0 10 0 10 0 10 0 10 0 10 0 10 0 10 0 10 0 10 0 10 0";
  const PLACES = {
    quay: [["f", "M-400 80h550v16h-550z"], ["s", "M-400 80h550v10M54 80V18h84M54 36l24-18M128 18v26M42 80h24M46 80l8-10"],
      ["f", "M166 62h122l-14 20h-96z"], ["s", "M166 62h122l-14 20h-96zM232 62V40h36v22M244 40V28h10v12"],
      ["w", "M239 47h7v7h-7zM253 47h7v7h-7z"], ["d", "M121 44h14v10h-14zM96 72h9v8h-9zM132 74h8v6h-8z"],
      ["s", "M156 90" + WAVES]],
    office: [["f", "M70 12h70v44h-70z"], ["s", "M70 12h70v44h-70zM105 12v44M70 34h70M-400 80h1120M150 80V58h110v22M144 58h122M170 80V66h30v14"],
      ["s", "M232 58V44l-12-10"], ["w", "M212 38l16-10 6 9-16 10z"], ["d", "M162 50h34v8h-34zM166 45h26v5h-26z"],
      ["s", "M280 80V24h26v56M280 42h26M280 60h26"]],
    "road-post": [["f", "M0 80l52-44 34 26 44-42 62 60z"], ["s", "M0 80l52-44 34 26 44-42 62 60M-400 80h1120M212 80V46h42v34M206 46h54l-6-10h-42z"],
      ["w", "M220 54h12v12h-12z"], ["d", "M196 58h8v22h-8zM40 60h156v5H40z"], ["s", "M44 65v15M96 96l26-16M190 96l-22-16"]],
    ship: [["f", "M40 56h240l-22 26H66z"], ["s", "M40 56h240l-22 26H66zM180 56V30h54v26M192 30V18h22v12M72 56V22M72 22l52 34M72 34h-14"],
      ["w", "M188 38h9v9h-9zM202 38h9v9h-9zM216 38h9v9h-9z"], ["d", "M96 48h26v8H96zM128 44h20v12h-20z"],
      ["s", "M10 88" + WAVES + " 10 0 10 0 10 0 10 0 10 0 10 0 10 0 10 0 10 0 10 0 10 0 10 0 10 0 10 0 10 0"]],
    shelter: [["f", "M104 80V44l50-26 50 26v36z"], ["s", "M96 48l58-30 58 30M106 44v36M202 44v36M-400 80h1120M252 80V54M252 58c-16 0-20-30 0-36c20 6 16 36 0 36zM40 80q10-12 20 0M62 80q8-9 16 0"],
      ["w", "M118 52h20v14h-20zM170 52h20v14h-20z"], ["d", "M146 56h16v24h-16z"]],
    hospital: [["f", "M84 80V26h152v54z"], ["s", "M84 80V26h152v54M136 26V12h48v14M-400 80h1120M148 80V60h24v20M160 60v20"],
      ["s", "M154 15v8M166 15v8M154 19h12"], ["w", "M98 36h14v11H98zM208 36h14v11h-14zM98 56h14v11H98zM208 56h14v11h-14z"],
      ["d", "M256 66h34l6 8v6h-40zM262 80a4 4 0 1 0 8 0zM282 80a4 4 0 1 0 8 0z"]],
    "police-station": [["f", "M64 80V28h124v52z"], ["s", "M64 80V28h124v52M58 28h136M-400 80h1120M64 54h40M148 54h40M112 80V58h28v22M104 52h44"],
      ["w", "M74 36h12v10H74zM166 36h12v10h-12zM74 62h12v10H74zM166 62h12v10h-12zM122 44h8v6h-8z"],
      ["d", "M118 62h16v18h-16zM214 66l8-10h32l8 10h8v10h-62v-10zM222 76a5 5 0 1 0 10 0zM252 76a5 5 0 1 0 10 0zM234 50h10v5h-10z"]],
    market: [["f", "M40 34h252l8 14H32z"],
      ["s", "M32 48l8-14h252l8 14zM40 48v32M124 48v32M220 48v32M292 48v32M-400 80h1120M48 64h68M140 64h72M232 64h52"],
      ["d", "M54 56h14v8H54zM152 56h14v8h-14zM172 58h10v6h-10zM244 56h8v8h-8z"]],
    field: [["f", "M-400 70q240 24 400-12q80-34 160-8t160-12t400 20v60H-400z"], ["s", "M-400 70q240 24 400-12q80-34 160-8t160-12t400 20M150 56L20 96M158 56L96 96M164 56l6 40M170 56l76 40M178 55l142 34"],
      ["s", "M246 44V26h36v16M240 28l24-14 24 14"], ["w", "M258 32h10v10h-10z"], ["s", "M45 50v-12M75 44v-12"], ["d", "M38 40c0-12 14-12 14 0zM68 34c0-12 14-12 14 0z"]],
    home: [["f", "M70 80V20h74v60z"], ["s", "M70 80V20h74v60M-400 80h1120M176 80V46l36-22 36 22v34M170 50l42-26 42 26M70 40h74M70 60h74M228 32V20h10v18"],
      ["w", "M80 26h12v9H80zM122 46h12v9h-12zM188 54h14v12h-14z"], ["d", "M216 60h14v20h-14zM100 66h14v14h-14z"]],
    neutral: [["f", "M-400 60q240 60 400 20q70-38 140-18t180-14t400 20v60H-400z"], ["s", "M-400 60q240 60 400 20q70-38 140-18t180-14t400 20M40 96q90-26 150-18t130-10"], ["s", "M237 56v-14"], ["d", "M230 44c0-16 14-16 14 0z"]],
  };
  const SUN = [["w", "M22 10a9 9 0 1 0 .1 0z"]];
  const MOON = [["w", "M20 8a11 11 0 1 0 8 18a9 9 0 0 1-8-18z"]];

  /** The strip for a place at a time of day (`HH:MM`). */
  K.place = function (name, time) {
    const hour = Number(String(time || "12:00").slice(0, 2));
    const night = hour < 6 || hour >= 19;
    const outside = name !== "office";
    const lines = (outside ? (night ? MOON : SUN) : []).concat(PLACES[name] || PLACES.neutral);
    return K.svg("0 0 320 96", lines, "cx-place" + (night ? " cx-night" : ""));
  };

  /** A person as a monogram; `caption` adds name and role. */
  K.person = function (person, caption) {
    const face = K.h("span", { class: "cx-face cx-tint" + (person.tint || 1),
      "aria-hidden": "true" }, person.monogram ||
        person.name.split(" ").slice(0, 2).map((w) => Array.from(w)[0]).join(""));
    if (!caption) return face;
    return K.h("span", { class: "cx-person" }, face, K.h("span", { dir: "auto" },
      K.h("strong", null, person.name), K.h("span", { class: "cx-small" }, person.role)));
  };
})();
