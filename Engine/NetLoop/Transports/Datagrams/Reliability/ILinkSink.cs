namespace NetLoop.Transports.Datagrams.Reliability;

/// <summary>Takes the bodies that arrive on a link.</summary>
/// <remarks>Thread: loop.</remarks>
internal interface ILinkSink
{
    /// <summary>A whole body arrived.</summary>
    /// <param name="body">Valid during the call.</param>
    /// <param name="channel">Its channel.</param>
    /// <param name="delivery">How it travelled.</param>
    /// <returns>False if there is no room: a reliable body is offered again by <see cref="ReliableLink.Resume"/>, any other is lost.</returns>
    bool OnBody(ReadOnlySpan<byte> body, int channel, Delivery delivery);
}
