using NetLoop.Messaging;
using NetLoop.Sending;

namespace NetLoop.Tests.Messaging;

/// <summary>Records executed commands in their order: the numbers of items, and the first bytes of bodies.</summary>
internal sealed class RecordingTarget : ICommandTarget, ISendTarget
{
    private readonly List<int> _done = [];

    public IReadOnlyList<int> Done => _done;

    public bool MayRunInsideHandler { get; init; } = true;

    public LoopCommand Item(int number) => new(this, number);

    public void OnCommand(in LoopCommand item) => _done.Add(item.Kind);

    public void SendEncoded(ReadOnlySpan<byte> body, SendMode mode) => _done.Add(body[0]);
}
