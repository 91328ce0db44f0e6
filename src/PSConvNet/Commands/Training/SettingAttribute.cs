namespace PSConvNet.Commands;

/// <summary>
/// Marks a property that describes a parameter which only some kinds have: <see cref="NewSpecCommand"/> adds the parameter, and Tab offers it for
/// those kinds alone.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SettingAttribute : Attribute;
