using System.Text.Json.Serialization;

namespace PSConvNet.Benchmarks.Fuzzing;

/// <summary>How far a process that fuzzes is; a line of its output.</summary>
/// <param name="Executions">Inputs that were read.</param>
/// <param name="Accepted">How many of them were accepted.</param>
/// <param name="EdgesAtStart">The edges that the inputs it began with went through; 0 while they are read.</param>
/// <param name="Edges">The edges that any input went through.</param>
/// <param name="Corpus">The inputs that are kept.</param>
internal sealed record FuzzProgress(long Executions, long Accepted, int EdgesAtStart, int Edges, int Corpus);

[JsonSerializable(typeof(FuzzProgress))]
internal sealed partial class FuzzJson : JsonSerializerContext;
