using NetLoop.Stack.Linux;
using NUnit.Framework;

namespace NetLoop.Tests.Stack.Linux;

[TestFixture]
[Platform("Linux", Reason = "The files are looked at with statx.")]
public sealed class UnixSocketFilesTests
{
    [Test]
    public void RemoveUnixPath_FileOfSomebodyElseByNow_IsUntouched()
    {
        LinuxStack stack = new();
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        NetEndpoint endpoint = NetEndpoint.Unix(path);
        Assert.That(stack.Listen(endpoint, 4, out SocketHandle listener, out _), Is.EqualTo(SocketStatus.Ok));
        Assert.That(UnixSocketFiles.IsSocket(path), Is.True);
        File.Delete(path);
        File.WriteAllText(path, "keep me");
        stack.Close(listener, reset: false);
        stack.RemoveUnixPath(endpoint);
        Assert.That(File.ReadAllText(path), Is.EqualTo("keep me"));
        File.Delete(path);
    }

    [Test]
    public void IsSocket_NothingThere_IsFalse() => Assert.That(UnixSocketFiles.IsSocket("/nowhere/at/all"), Is.False);
}
