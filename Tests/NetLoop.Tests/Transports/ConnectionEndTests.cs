using NetLoop.Stack;
using NetLoop.Transports;
using NUnit.Framework;

namespace NetLoop.Tests.Transports;

/// <summary>Which side ended a connection, and which side decided to, for every reason and failure.</summary>
[Parallelizable]
public sealed class ConnectionEndTests
{
    [Test]
    public void IsByPeer_EveryReasonAndFailure_IsForItsEndAndItsResets()
    {
        foreach (CloseReason reason in Enum.GetValues<CloseReason>())
        {
            foreach (SocketStatus failure in Enum.GetValues<SocketStatus>())
            {
                bool expected = reason is CloseReason.Disconnected or CloseReason.Truncated
                    || failure is SocketStatus.ConnectionReset or SocketStatus.BrokenPipe;
                Assert.That(new ConnectionEnd(reason, failure).IsByPeer, Is.EqualTo(expected), $"{reason}, {failure}");
            }
        }
    }

    [Test]
    public void Text_EveryFailure_IsItsName()
    {
        foreach (SocketStatus failure in Enum.GetValues<SocketStatus>())
        {
            Assert.That(new ConnectionEnd(CloseReason.TransportError, failure).Text, Is.EqualTo(failure == SocketStatus.Ok ? "" : failure.ToString()));
        }
    }

    [Test]
    public void IsOwnDecision_EveryReason_IsForThoseOfThisSideAlone()
    {
        CloseReason[] decisions = [CloseReason.Normal, CloseReason.ServerStopping, CloseReason.HandlerFault, CloseReason.Replaced, CloseReason.Kicked];
        foreach (CloseReason reason in Enum.GetValues<CloseReason>())
        {
            Assert.That(new CloseInfo(reason, "", ByPeer: false).IsOwnDecision, Is.EqualTo(decisions.Contains(reason)), $"{reason}");
            Assert.That(new CloseInfo(reason, "", ByPeer: true).IsOwnDecision, Is.False, $"{reason}, by the peer");
        }
    }

    [Test]
    public void Classify_EveryStatus_HasOneClass()
    {
        SocketStatus[] transient =
        [
            SocketStatus.WouldBlock, SocketStatus.Interrupted, SocketStatus.InProgress, SocketStatus.TooManyFiles, SocketStatus.NoBuffers
        ];
        SocketStatus[] fatal =
        [
            SocketStatus.AddressInUse, SocketStatus.AddressNotAvailable, SocketStatus.AccessDenied, SocketStatus.NotFound, SocketStatus.PathTooLong,
            SocketStatus.MessageTooLong,
            SocketStatus.Unsupported,
            SocketStatus.InvalidCall,
        ];
        foreach (SocketStatus status in Enum.GetValues<SocketStatus>())
        {
            FailureClass expected = status == SocketStatus.Ok ? FailureClass.None
                : transient.Contains(status) ? FailureClass.Transient
                : fatal.Contains(status) ? FailureClass.Fatal
                : FailureClass.ConnectionLost;
            Assert.That(status.Classify(), Is.EqualTo(expected), $"{status}");
        }
    }
}
