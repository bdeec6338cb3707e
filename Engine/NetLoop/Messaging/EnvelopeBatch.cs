namespace NetLoop.Messaging;

/// <summary>Envelopes with up to <see cref="Capacity"/> messages that cross the inbox as one item, which spreads the cost of crossing.</summary>
internal sealed class EnvelopeBatch
{
    public const int Capacity = 64;

    private readonly Envelope[] _envelopes = new Envelope[Capacity];
    private int _count;

    /// <summary>Number of messages in all envelopes.</summary>
    public int Messages { get; private set; }

    public bool IsFull => Messages >= Capacity;

    public bool IsEmpty => _count == 0;

    /// <summary>The envelope that was added last and may still take messages; null if there is none.</summary>
    public Envelope? Last { get; private set; }

    public ReadOnlySpan<Envelope> Envelopes => _envelopes.AsSpan(0, _count);

    public void Add(Envelope envelope)
    {
        _envelopes[_count++] = envelope;
        Last = envelope;
        Messages += envelope.Messages;
    }

    /// <summary>Counts messages that were added to <see cref="Last"/>.</summary>
    public void Extended(int messages) => Messages += messages;

    public void Clear()
    {
        Array.Clear(_envelopes, 0, _count);
        _count = 0;
        Last = null;
        Messages = 0;
    }
}
