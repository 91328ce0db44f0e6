using System.Text.Json;

namespace PSConvNet.Disk;

/// <summary>A record that is read from files and has limits of its own, beyond those of its fields' types.</summary>
internal interface IReadFromFile
{
    /// <summary>Refuses values outside these limits.</summary>
    /// <exception cref="JsonException">One is outside; so does a <see cref="ConvNetException"/> say.</exception>
    void Require();
}

/// <summary>Marks a whole number that may be below 0 in a file: all others are counts.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SignedAttribute : Attribute;
