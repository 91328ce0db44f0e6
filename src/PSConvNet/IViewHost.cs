namespace PSConvNet.Commands;

/// <summary>A host's private data, where the host shows each object as its <see cref="RichView"/>.</summary>
internal interface IViewHost;
