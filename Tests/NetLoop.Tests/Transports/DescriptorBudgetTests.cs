using NetLoop.Transports;
using NUnit.Framework;

namespace NetLoop.Tests.Transports;

public sealed class DescriptorBudgetTests
{
    private readonly FakeTransport _stack = new();

    [TestCase(1024, 0, 928)]
    [TestCase(1024, 100, 828)]
    [TestCase(196, 100, 0)]
    [TestCase(100, 100, -96)]
    public void MaxConnections_WhatIsOpenAndKeptFree_IsTakenOff(int maxSockets, int open, int connections)
    {
        _stack.MaxSockets = maxSockets;
        _stack.OpenDescriptors = open;
        Assert.That(DescriptorBudget.MaxConnections(_stack), Is.EqualTo(connections));
    }

    [TestCase(int.MaxValue, false, false)]
    [TestCase(96, false, false)]
    [TestCase(95, true, false)]
    [TestCase(64, true, false)]
    [TestCase(63, true, true)]
    [TestCase(0, true, true)]
    public void IsForRejections_FewDescriptorsLeft_AreKeptForRejectionsAndTheRuntime(int left, bool isForRejections, bool isForRuntime)
    {
        _stack.Left = left;
        SocketHandle socket = _stack.NewSocket();
        Assert.That(DescriptorBudget.IsForRejections(_stack, socket), Is.EqualTo(isForRejections));
        Assert.That(DescriptorBudget.IsForRuntime(_stack, socket), Is.EqualTo(isForRuntime));
    }
}
