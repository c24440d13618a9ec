$(() => {
    function OtherTemperatureTabViewModel([temperature]) {
        this.temperature = temperature;
    }

    window.OCTOPRINT_VIEWMODELS.push({
        construct: OtherTemperatureTabViewModel,
        dependencies: ["temperatureViewModel"],
        elements: ["#tab_plugin_other_temperature_tab"],
    });
});
