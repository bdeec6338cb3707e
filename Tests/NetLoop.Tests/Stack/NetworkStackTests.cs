using NetLoop.Tests.Contracts;
using NUnit.Framework;

namespace NetLoop.Tests.Stack;

[TestFixture(PollerKind.Epoll)]
[TestFixture(PollerKind.Poll)]
[TestFixture(PollerKind.Select)]
public sealed class NetworkStackTests(PollerKind kind) : NetworkStackContract
{
    protected override PollerKind Kind => kind;

    protected override INetworkStack CreateStack() => PlatformStacks.Create(kind);
}
