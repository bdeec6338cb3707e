namespace NetLoop.Sessions;

/// <summary>The groups of a session, with its index in each. Most sessions are in one group, which needs no list.</summary>
/// <remarks>Thread: loop.</remarks>
internal struct SessionGroups
{
    private IJoinedGroup? _first;
    private int _firstPlace;
    private List<Membership>? _others;

    /// <summary>Records that the session joined a group.</summary>
    /// <returns>False if it was already a member.</returns>
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

    /// <summary>Records that the session left a group.</summary>
    /// <returns>False if it was not a member.</returns>
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

    /// <summary>Records its new index in a group.</summary>
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

    /// <summary>Removes the session from all groups.</summary>
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
