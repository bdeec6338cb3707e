namespace NetLoop.Sessions;

/// <summary>The groups a session is in, each with its place there. Most are in one, which therefore needs no list.</summary>
/// <remarks>Thread: loop.</remarks>
internal struct SessionGroups
{
    private IJoinedGroup? _first;
    private int _firstPlace;
    private List<Membership>? _others;

    /// <summary>Notes that it is in a group.</summary>
    /// <returns>False when it was.</returns>
    public bool TryJoin(IJoinedGroup group, int place)
    {
        if (PlaceIn(group) >= 0)
        {
            return false;
        }

        if (_first is null)
        {
            _first = group;
            _firstPlace = place;
        }
        else
        {
            (_others ??= []).Add(new Membership(group, place));
        }

        return true;
    }

    /// <summary>Notes that it is no longer in a group.</summary>
    /// <returns>False when it was not.</returns>
    public bool TryLeave(IJoinedGroup group, out int place)
    {
        place = PlaceIn(group);
        if (place < 0)
        {
            return false;
        }

        if (_first == group)
        {
            _first = null;
        }
        else
        {
            _others!.RemoveAt(IndexAmongOthers(group));
        }

        return true;
    }

    /// <summary>Whether it is in a group.</summary>
    public readonly bool Contains(IJoinedGroup group) => PlaceIn(group) >= 0;

    /// <summary>Notes its new place in a group that it is in.</summary>
    public void Move(IJoinedGroup group, int place)
    {
        if (_first == group)
        {
            _firstPlace = place;
        }
        else
        {
            _others![IndexAmongOthers(group)] = new Membership(group, place);
        }
    }

    /// <summary>Takes the session out of all groups.</summary>
    public readonly void LeaveAll(Session session)
    {
        // Each group calls TryLeave.
        _first?.RemoveOnLoop(session);
        while (_others is [.., Membership last])
        {
            last.Group.RemoveOnLoop(session);
        }
    }

    private readonly int PlaceIn(IJoinedGroup group)
    {
        if (_first == group)
        {
            return _firstPlace;
        }

        int other = IndexAmongOthers(group);
        return other < 0 ? -1 : _others![other].Place;
    }

    private readonly int IndexAmongOthers(IJoinedGroup group)
    {
        for (int i = 0; i < (_others?.Count ?? 0); i++)
        {
            if (_others![i].Group == group)
            {
                return i;
            }
        }

        return -1;
    }
}
