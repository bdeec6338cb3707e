namespace NetLoop.Simulation;

/// <content>Segments in flight: when they arrive, and when the writer learns of it.</content>
internal sealed partial class Pipe
{
    private void Dispatch(long now, int count, bool isLast)
    {
        if (_underWay.Count == 0 && now >= _lastArrival && _way.IsInstant(now))
        {
            _lastArrival = now;
            Arrive(_sent, isLast);
            return;
        }

        _lastArrival = _way.ArrivalOf(count, now, _lastArrival);
        _underWay.Add(_lastArrival, _sent, isLast);
        ScheduleArrival();
    }

    private void ScheduleArrival()
    {
        if (!_isArrivalScheduled && _underWay.Count > 0)
        {
            _isArrivalScheduled = true;
            _network.Events.Schedule(_underWay.Oldest.At, this, EventArrival);
        }
    }

    private void ArriveDue()
    {
        while (_underWay.Count > 0 && _underWay.Oldest.At <= _network.Events.Now)
        {
            Segments.Segment segment = _underWay.Oldest;
            _underWay.RemoveOldest();
            Arrive(segment.End, segment.IsLast);
        }

        ScheduleArrival();
    }

    private void Arrive(long end, bool isLast)
    {
        if (_isDead || !Reader.CanReceive(this, end > _arrived))
        {
            return;
        }

        _network.Trace.Event(TraceCode.Arrive, Reader.Host.Index, Reader.Handle, end - _arrived);
        _arrived = end;
        IsEndArrived |= isLast;
        if (!_isLocal)
        {
            if (_back.IsInstant(_network.Events.Now))
            {
                _known = _arrived;
                _isEndKnown |= isLast;
                Writer.Touch();
            }
            else
            {
                Acknowledge(isLast);
            }
        }

        Reader.Touch();
    }

    private void Acknowledge(bool isLast)
    {
        if (_back.IsCut)
        {
            _back.WaitForHeal(this);
            return;
        }

        _acknowledgements.Add(_back.ArrivalOfControl(_network.Events.Now), _arrived, isLast);
        if (Writer.WantsRoom)
        {
            AskForRoom();
        }
    }

    private void LearnArrivals()
    {
        while (_acknowledgements.Count > 0 && _acknowledgements.Oldest.At <= _network.Events.Now)
        {
            _known = _acknowledgements.Oldest.End;
            _isEndKnown |= _acknowledgements.Oldest.IsLast;
            _acknowledgements.RemoveOldest();
        }
    }

    private void OpenWindow()
    {
        if (_isLocal)
        {
            Writer.Touch();
        }
        else if (_sent < _written && !_isWindowScheduled)
        {
            if (_back.IsInstant(_network.Events.Now))
            {
                Transmit();
            }
            else if (_back.IsCut)
            {
                _back.WaitForHeal(this);
            }
            else
            {
                _isWindowScheduled = true;
                _network.Events.Schedule(_back.ArrivalOfControl(Reader.Host.Now), this, EventWindow);
            }
        }
    }
}
