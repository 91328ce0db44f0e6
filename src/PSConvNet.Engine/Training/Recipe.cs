namespace PSConvNet;

/// <summary>How much a training chooses by itself.</summary>
public enum Recipe
{
    /// <summary>As the tutorial trains: Adam at a constant 0.001, batches of 128.</summary>
    Tutorial,

    /// <summary>The quickest road to a good network: rate, schedule, optimizer and batch size chosen for network and epochs.</summary>
    Fast,
}
