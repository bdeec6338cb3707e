using NetLoop.Stack.Linux;
using NUnit.Framework;

namespace NetLoop.Tests.Stack.Linux;

[TestFixture]
public sealed class ErrnoTests
{
    /// <summary>Errno as number, so that a slip in the constants of the engine does not hide itself.</summary>
    [TestCase(0, SocketStatus.Ok, FailureClass.None)]
    [TestCase(11, SocketStatus.WouldBlock, FailureClass.Transient)]
    [TestCase(4, SocketStatus.Interrupted, FailureClass.Transient)]
    [TestCase(115, SocketStatus.InProgress, FailureClass.Transient)]
    [TestCase(114, SocketStatus.InProgress, FailureClass.Transient)]
    [TestCase(23, SocketStatus.TooManyFiles, FailureClass.Transient)]
    [TestCase(24, SocketStatus.TooManyFiles, FailureClass.Transient)]
    [TestCase(12, SocketStatus.NoBuffers, FailureClass.Transient)]
    [TestCase(28, SocketStatus.NoBuffers, FailureClass.Transient)]
    [TestCase(105, SocketStatus.NoBuffers, FailureClass.Transient)]
    [TestCase(104, SocketStatus.ConnectionReset, FailureClass.ConnectionLost)]
    [TestCase(102, SocketStatus.ConnectionReset, FailureClass.ConnectionLost)]
    [TestCase(103, SocketStatus.ConnectionAborted, FailureClass.ConnectionLost)]
    [TestCase(111, SocketStatus.ConnectionRefused, FailureClass.ConnectionLost)]
    [TestCase(110, SocketStatus.TimedOut, FailureClass.ConnectionLost)]
    [TestCase(32, SocketStatus.BrokenPipe, FailureClass.ConnectionLost)]
    [TestCase(108, SocketStatus.BrokenPipe, FailureClass.ConnectionLost)]
    [TestCase(107, SocketStatus.NotConnected, FailureClass.ConnectionLost)]
    [TestCase(64, SocketStatus.Unreachable, FailureClass.ConnectionLost)]
    [TestCase(100, SocketStatus.Unreachable, FailureClass.ConnectionLost)]
    [TestCase(101, SocketStatus.Unreachable, FailureClass.ConnectionLost)]
    [TestCase(112, SocketStatus.Unreachable, FailureClass.ConnectionLost)]
    [TestCase(113, SocketStatus.Unreachable, FailureClass.ConnectionLost)]
    [TestCase(71, SocketStatus.ProtocolError, FailureClass.ConnectionLost)]
    [TestCase(98, SocketStatus.AddressInUse, FailureClass.Fatal)]
    [TestCase(99, SocketStatus.AddressNotAvailable, FailureClass.Fatal)]
    [TestCase(1, SocketStatus.AccessDenied, FailureClass.Fatal)]
    [TestCase(13, SocketStatus.AccessDenied, FailureClass.Fatal)]
    [TestCase(2, SocketStatus.NotFound, FailureClass.Fatal)]
    [TestCase(20, SocketStatus.NotFound, FailureClass.Fatal)]
    [TestCase(36, SocketStatus.PathTooLong, FailureClass.Fatal)]
    [TestCase(92, SocketStatus.Unsupported, FailureClass.Fatal)]
    [TestCase(93, SocketStatus.Unsupported, FailureClass.Fatal)]
    [TestCase(94, SocketStatus.Unsupported, FailureClass.Fatal)]
    [TestCase(95, SocketStatus.Unsupported, FailureClass.Fatal)]
    [TestCase(97, SocketStatus.Unsupported, FailureClass.Fatal)]
    [TestCase(9, SocketStatus.InvalidCall, FailureClass.Fatal)]
    [TestCase(14, SocketStatus.InvalidCall, FailureClass.Fatal)]
    [TestCase(17, SocketStatus.InvalidCall, FailureClass.Fatal)]
    [TestCase(22, SocketStatus.InvalidCall, FailureClass.Fatal)]
    [TestCase(88, SocketStatus.InvalidCall, FailureClass.Fatal)]
    [TestCase(106, SocketStatus.InvalidCall, FailureClass.Fatal)]
    [TestCase(5, SocketStatus.Other, FailureClass.ConnectionLost)]
    public void ToStatus_Errno_IsClassified(int errno, SocketStatus status, FailureClass failure)
    {
        Assert.That(Errno.ToStatus(errno), Is.EqualTo(status));
        Assert.That(status.Classify(), Is.EqualTo(failure));
    }

    [Test]
    public void ToResult_UnknownErrno_KeepsTheNumber()
    {
        Assert.That(Errno.ToResult(5), Is.EqualTo(new SocketResult(SocketStatus.Other, 5)));
        Assert.That(Errno.ToResult(Errno.EAGAIN), Is.EqualTo(new SocketResult(SocketStatus.WouldBlock, 0)));
    }
}
