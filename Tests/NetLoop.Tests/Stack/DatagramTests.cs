using NetLoop.Tests.Contracts;
using NUnit.Framework;

namespace NetLoop.Tests.Stack;

/// <summary>The sockets of this machine fulfill the contract of datagrams: those of Linux, and the portable ones.</summary>
[TestFixture(PollerKind.Epoll)]
[TestFixture(PollerKind.Select)]
public sealed class DatagramTests(PollerKind kind) : DatagramContract
{
    protected override PollerKind Kind => kind;

    protected override bool CountsDropped => kind != PollerKind.Select;

    protected override INetworkStack CreateStack() => PlatformStacks.Create(kind);
}
