namespace PSConvNet.Training;

/// <summary>How the settings are chosen that the user leaves out.</summary>
public enum Recipe
{
    /// <summary>The tutorial's settings: Adam at a constant 0.001, batches of 128.</summary>
    Tutorial,

    /// <summary>A good network in a short time: rate, schedule, optimizer and batch size are chosen for the network and the number of epochs.</summary>
    Fast,
}
