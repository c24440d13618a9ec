// biome-ignore lint/complexity/useArrowFunction: as OctoPrint's tutorial has it
$(function () {
    function ANeighborViewModel() {
        this.text = ko.observable("A is bound");
    }

    OCTOPRINT_VIEWMODELS.push({
        construct: ANeighborViewModel,
        elements: ["#sidebar_plugin_a_neighbor"],
    });
});
