namespace NetLoop.Simulation;

/// <content>Datagrams: nothing is sent again, and nothing keeps their order.</content>
internal sealed partial class Link
{
    private const long Millisecond = 1_000_000;

    /// <summary>Probability that a datagram is lost in a burst, and that the burst ends after it.</summary>
    /// <remarks>Source: the model of Gilbert and Elliott; half of the datagrams of a burst are lost, which lasts for ten on average.</remarks>
    private const double LossInBurst = 0.5;

    private const double EndOfBurst = 0.1;

    /// <summary>Bytes: a shorter packet passes every path.</summary>
    private const int PassesEverywhere = 576;

    private bool _isBurst;
    private int _droppedBytes;
    private long _droppedUntil;

    /// <summary>Whether a packet that must not be fragmented is too long for the link.</summary>
    public bool IsTooLong(int packetBytes) => _conditions.MaxPacketBytes > 0 && packetBytes > _conditions.MaxPacketBytes;

    /// <summary>Whether a datagram arrives a second time.</summary>
    public bool IsDuplicated() =>
        (_conditions.Duplication > 0 && _datagramRandom.Chance(_conditions.Duplication)) || _faults.Hits(FaultClass.DatagramDuplicated);

    /// <summary>The time that a datagram takes from now on; 0 if it arrives at once, <see cref="Never"/> if it is lost.</summary>
    /// <param name="packetBytes">Its bytes with all headers.</param>
    /// <param name="now">The sender's time.</param>
    public long DelayOfDatagram(int packetBytes, long now)
    {
        if (IsCut || now < _downUntil || IsDropped(packetBytes, now) || IsLost())
        {
            return Never;
        }

        long delay = _latency + (_jitter == 0 ? 0 : _datagramRandom.Between(0L, _jitter));
        if (_conditions.BytesPerSecond > 0)
        {
            long waits = Math.Max(0, _busyUntil - now);
            if ((waits / 1e9 * _conditions.BytesPerSecond) + packetBytes > _conditions.QueueBytes)
            {
                return Never;
            }

            _busyUntil = now + waits + (packetBytes * 1_000_000_000L / _conditions.BytesPerSecond);
            delay += _busyUntil - now;
        }

        if (_conditions.Reordering > 0 && _datagramRandom.Chance(_conditions.Reordering))
        {
            delay += _datagramRandom.Between(1L, Math.Max(_latency + _jitter, Millisecond));
        }

        if (_faults.Hits(FaultClass.DatagramReordered))
        {
            delay += _faults.StreamOf(FaultClass.DatagramReordered).Between(1L, 100 * Millisecond);
        }

        return delay;
    }

    private bool IsDropped(int packetBytes, long now)
    {
        if (_conditions.DroppedPacketBytes > 0 && packetBytes > _conditions.DroppedPacketBytes)
        {
            return true;
        }

        if (packetBytes > PassesEverywhere && _faults.Hits(FaultClass.DatagramBlackHole))
        {
            SeededRandom stream = _faults.StreamOf(FaultClass.DatagramBlackHole);
            _droppedBytes = stream.Between(PassesEverywhere, 1_500);
            _droppedUntil = now + stream.Between(1_000 * Millisecond, 10_000 * Millisecond);
        }

        return _faults.IsActive && packetBytes > _droppedBytes && now < _droppedUntil;
    }

    private bool IsLost()
    {
        // Both are drawn for every datagram, so that one class does not change the draws of the other.
        bool isLost = _conditions.Loss > 0 && _datagramRandom.Chance(_conditions.Loss);
        isLost |= _faults.Hits(FaultClass.DatagramLoss);
        if (!_isBurst)
        {
            _isBurst = _faults.Hits(FaultClass.DatagramBurstLoss);
        }

        if (_isBurst)
        {
            SeededRandom stream = _faults.StreamOf(FaultClass.DatagramBurstLoss);
            isLost |= _faults.IsActive && stream.Chance(LossInBurst);
            _isBurst = _faults.IsActive && !stream.Chance(EndOfBurst);
        }

        return isLost;
    }
}
