namespace PSConvNet.Sweeps;

/// <summary>How much of what a study's trials differ by is due to one parameter.</summary>
/// <param name="Name">The parameter.</param>
/// <param name="Share">
/// From 0 to 1: the share of the objective's variance over the space that is left when everything but this parameter is averaged out.
/// </param>
public sealed record ParameterShare(string Name, double Share);
