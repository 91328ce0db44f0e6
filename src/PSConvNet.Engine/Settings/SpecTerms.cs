namespace PSConvNet.Settings;

/// <summary>What messages call a set of descriptions, and the ids of its errors.</summary>
/// <param name="Noun">What one description is called: <c>optimizer</c>, <c>schedule</c>.</param>
/// <param name="Unknown">The error for a name that no description has.</param>
/// <param name="SettingUnknown">The error for a setting that a description doesn't have.</param>
/// <param name="SettingInvalid">The error for a value that a setting can't have.</param>
/// <param name="Setting">What a setting is called.</param>
/// <param name="Type">The type whose members the settings are, as messages name them; null where they are only names.</param>
internal sealed record SpecTerms(
    string Noun,
    string Unknown,
    string SettingUnknown,
    string SettingInvalid,
    string Setting = "setting",
    string? Type = null
);
