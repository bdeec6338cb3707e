namespace NetLoop.Transports;

/// <summary>A socket that belongs to no single connection, and stays open until the loop has ended.</summary>
internal interface ISharedSocket
{
    /// <summary>Closes the socket.</summary>
    void Close();
}
