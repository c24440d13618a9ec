// biome-ignore lint/complexity/useArrowFunction: as OctoPrint's tutorial has it
$(function () {
    function ZNeighborViewModel() {
        this.text = ko.observable("Z is bound");
    }

    OCTOPRINT_VIEWMODELS.push({
        construct: ZNeighborViewModel,
        elements: ["#sidebar_plugin_z_neighbor"],
    });
});
