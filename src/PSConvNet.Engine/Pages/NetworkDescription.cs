using System.Text.Json.Nodes;

namespace PSConvNet.Pages;

/// <summary>A model's layers as the page's script reads them, and their weights in the order it reads those in.</summary>
internal sealed class NetworkDescription
{
    private NetworkDescription(Model model)
    {
        Layers = PageLayer.List(model.Network);
        Parameters = model.Store.Slots;
        Ending = EndingOf(model);
    }

    /// <summary>An object a layer.</summary>
    public JsonArray Layers { get; }

    /// <summary>What makes probabilities of what the last layer gives: Softmax, Exponential, or nothing: None.</summary>
    public string Ending { get; }

    /// <summary>The parameters, in the order in which they are read.</summary>
    public IReadOnlyList<ParameterSlot> Parameters { get; }

    /// <summary>Describes a model.</summary>
    public static NetworkDescription Of(Model model) => new(model);

    /// <summary>As <see cref="Predictor"/> has it: a softmax is never applied twice, nor to what another function has been applied to.</summary>
    private static string EndingOf(Model model) =>
        model.Kernels[^1] is ActivationKernel { Activation: Activation.Softmax } ? "None"
        : model.Kernels[^1] is ActivationKernel { Activation: Activation.LogSoftmax } ? "Exponential"
        : model.Output == OutputKind.Logits ? "Softmax"
        : "None";
}
