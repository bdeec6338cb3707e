using System.Net.Sockets;

namespace NetLoop.Stack.Portable;

/// <summary>The only table from <see cref="SocketError"/> to <see cref="SocketStatus"/>.</summary>
internal static class SocketErrors
{
    public static SocketStatus ToStatus(SocketError error) => error switch
    {
        SocketError.Success => SocketStatus.Ok,
        SocketError.WouldBlock or SocketError.IOPending => SocketStatus.WouldBlock,
        SocketError.Interrupted => SocketStatus.Interrupted,
        SocketError.InProgress or SocketError.AlreadyInProgress => SocketStatus.InProgress,
        SocketError.ConnectionReset or SocketError.NetworkReset => SocketStatus.ConnectionReset,
        SocketError.ConnectionAborted or SocketError.OperationAborted => SocketStatus.ConnectionAborted,
        SocketError.ConnectionRefused => SocketStatus.ConnectionRefused,
        SocketError.TimedOut => SocketStatus.TimedOut,
        SocketError.Shutdown or SocketError.Disconnecting => SocketStatus.BrokenPipe,
        SocketError.NotConnected => SocketStatus.NotConnected,
        SocketError.NetworkUnreachable or
        SocketError.HostUnreachable or
        SocketError.NetworkDown or
        SocketError.HostDown => SocketStatus.Unreachable,
        SocketError.AddressAlreadyInUse => SocketStatus.AddressInUse,
        SocketError.AddressNotAvailable => SocketStatus.AddressNotAvailable,
        SocketError.AccessDenied => SocketStatus.AccessDenied,
        SocketError.TooManyOpenSockets => SocketStatus.TooManyFiles,
        SocketError.NoBufferSpaceAvailable => SocketStatus.NoBuffers,
        SocketError.AddressFamilyNotSupported or
        SocketError.ProtocolFamilyNotSupported or
        SocketError.ProtocolNotSupported or
        SocketError.ProtocolOption or
        SocketError.SocketNotSupported or
        SocketError.OperationNotSupported => SocketStatus.Unsupported,
        SocketError.ProtocolType => SocketStatus.ProtocolError,
        SocketError.MessageSize => SocketStatus.MessageTooLong,
        SocketError.InvalidArgument or SocketError.NotSocket or SocketError.Fault or SocketError.IsConnected => SocketStatus.InvalidCall,
        _ => SocketStatus.Other,
    };

    /// <summary>The result of a failed call: the status, and the raw number if the status is Other.</summary>
    public static SocketResult ToResult(SocketError error)
    {
        SocketStatus status = ToStatus(error);
        return new SocketResult(status, status == SocketStatus.Other ? (int)error : 0);
    }
}
