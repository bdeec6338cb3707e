using NetLoop.Stack;
using NetLoop.Stack.Linux;
using NUnit.Framework;

namespace NetLoop.Tests.Stack.Linux;

[TestFixture]
public sealed class ErrnoTests
{
    /// <summary>The error codes as numbers, so that a mistake in the engine's constants is found.</summary>
    [TestCase(0, SocketStatus.Ok, nameof(FailureClass.None))]
    [TestCase(11, SocketStatus.WouldBlock, nameof(FailureClass.Transient))]
    [TestCase(4, SocketStatus.Interrupted, nameof(FailureClass.Transient))]
    [TestCase(115, SocketStatus.InProgress, nameof(FailureClass.Transient))]
    [TestCase(114, SocketStatus.InProgress, nameof(FailureClass.Transient))]
    [TestCase(23, SocketStatus.TooManyFiles, nameof(FailureClass.Transient))]
    [TestCase(24, SocketStatus.TooManyFiles, nameof(FailureClass.Transient))]
    [TestCase(12, SocketStatus.NoBuffers, nameof(FailureClass.Transient))]
    [TestCase(28, SocketStatus.NoBuffers, nameof(FailureClass.Transient))]
    [TestCase(105, SocketStatus.NoBuffers, nameof(FailureClass.Transient))]
    [TestCase(104, SocketStatus.ConnectionReset, nameof(FailureClass.ConnectionLost))]
    [TestCase(102, SocketStatus.ConnectionReset, nameof(FailureClass.ConnectionLost))]
    [TestCase(103, SocketStatus.ConnectionAborted, nameof(FailureClass.ConnectionLost))]
    [TestCase(111, SocketStatus.ConnectionRefused, nameof(FailureClass.ConnectionLost))]
    [TestCase(110, SocketStatus.TimedOut, nameof(FailureClass.ConnectionLost))]
    [TestCase(32, SocketStatus.BrokenPipe, nameof(FailureClass.ConnectionLost))]
    [TestCase(108, SocketStatus.BrokenPipe, nameof(FailureClass.ConnectionLost))]
    [TestCase(107, SocketStatus.NotConnected, nameof(FailureClass.ConnectionLost))]
    [TestCase(64, SocketStatus.Unreachable, nameof(FailureClass.ConnectionLost))]
    [TestCase(100, SocketStatus.Unreachable, nameof(FailureClass.ConnectionLost))]
    [TestCase(101, SocketStatus.Unreachable, nameof(FailureClass.ConnectionLost))]
    [TestCase(112, SocketStatus.Unreachable, nameof(FailureClass.ConnectionLost))]
    [TestCase(113, SocketStatus.Unreachable, nameof(FailureClass.ConnectionLost))]
    [TestCase(71, SocketStatus.ProtocolError, nameof(FailureClass.ConnectionLost))]
    [TestCase(98, SocketStatus.AddressInUse, nameof(FailureClass.Fatal))]
    [TestCase(99, SocketStatus.AddressNotAvailable, nameof(FailureClass.Fatal))]
    [TestCase(1, SocketStatus.AccessDenied, nameof(FailureClass.Fatal))]
    [TestCase(13, SocketStatus.AccessDenied, nameof(FailureClass.Fatal))]
    [TestCase(2, SocketStatus.NotFound, nameof(FailureClass.Fatal))]
    [TestCase(20, SocketStatus.NotFound, nameof(FailureClass.Fatal))]
    [TestCase(36, SocketStatus.PathTooLong, nameof(FailureClass.Fatal))]
    [TestCase(92, SocketStatus.Unsupported, nameof(FailureClass.Fatal))]
    [TestCase(93, SocketStatus.Unsupported, nameof(FailureClass.Fatal))]
    [TestCase(94, SocketStatus.Unsupported, nameof(FailureClass.Fatal))]
    [TestCase(95, SocketStatus.Unsupported, nameof(FailureClass.Fatal))]
    [TestCase(97, SocketStatus.Unsupported, nameof(FailureClass.Fatal))]
    [TestCase(9, SocketStatus.InvalidCall, nameof(FailureClass.Fatal))]
    [TestCase(14, SocketStatus.InvalidCall, nameof(FailureClass.Fatal))]
    [TestCase(17, SocketStatus.InvalidCall, nameof(FailureClass.Fatal))]
    [TestCase(22, SocketStatus.InvalidCall, nameof(FailureClass.Fatal))]
    [TestCase(88, SocketStatus.InvalidCall, nameof(FailureClass.Fatal))]
    [TestCase(106, SocketStatus.InvalidCall, nameof(FailureClass.Fatal))]
    [TestCase(90, SocketStatus.MessageTooLong, nameof(FailureClass.Fatal))]
    [TestCase(5, SocketStatus.Other, nameof(FailureClass.ConnectionLost))]
    public void ToStatus_Errno_IsClassified(int errno, SocketStatus status, string failure)
    {
        Assert.That(Errno.ToStatus(errno), Is.EqualTo(status));
        Assert.That(status.Classify().ToString(), Is.EqualTo(failure));
    }

    [Test]
    public void ToResult_UnknownErrno_KeepsTheNumber()
    {
        Assert.That(Errno.ToResult(5), Is.EqualTo(new SocketResult(SocketStatus.Other, 5)));
        Assert.That(Errno.ToResult(Errno.EAGAIN), Is.EqualTo(new SocketResult(SocketStatus.WouldBlock, 0)));
    }
}
