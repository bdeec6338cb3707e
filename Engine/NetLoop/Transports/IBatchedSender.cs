namespace NetLoop.Transports;

/// <summary>Collects what several connections send, and passes it to the system at once.</summary>
/// <remarks>Thread: loop.</remarks>
internal interface IBatchedSender
{
    /// <summary>Sends what was collected. Called at the end of each flush.</summary>
    void SendBatch();
}
