using NetLoop.Sessions;

namespace NetLoop;

/// <content>The groups it is in, each with its place there. Most sessions are in one, which therefore needs no list.</content>
public sealed partial class Session
{
    private Membership _group;
    private List<Membership>? _otherGroups;

    /// <summary>Notes that it is in a group. Thread: loop.</summary>
    /// <returns>False when it was.</returns>
    internal bool TryJoin(GroupPart group, int place)
    {
        if (PlaceIn(group) >= 0)
        {
            return false;
        }

        if (_group.Group is null)
        {
            _group = new Membership(group, place);
        }
        else
        {
            (_otherGroups ??= []).Add(new Membership(group, place));
        }

        return true;
    }

    /// <summary>Notes that it is no longer in a group. Thread: loop.</summary>
    /// <returns>False when it was not.</returns>
    internal bool TryLeave(GroupPart group, out int place)
    {
        place = PlaceIn(group);
        if (place < 0)
        {
            return false;
        }

        if (_group.Group == group)
        {
            _group = default;
        }
        else
        {
            _otherGroups!.RemoveAt(PlaceAmongOthers(group));
        }

        return true;
    }

    /// <summary>Notes its new place in a group that it is in. Thread: loop.</summary>
    internal void MoveInGroup(GroupPart group, int place)
    {
        if (_group.Group == group)
        {
            _group = new Membership(group, place);
        }
        else
        {
            _otherGroups![PlaceAmongOthers(group)] = new Membership(group, place);
        }
    }

    private int PlaceIn(GroupPart group)
    {
        if (_group.Group == group)
        {
            return _group.Place;
        }

        int other = PlaceAmongOthers(group);
        return other < 0 ? -1 : _otherGroups![other].Place;
    }

    private int PlaceAmongOthers(GroupPart group)
    {
        for (int i = 0; i < (_otherGroups?.Count ?? 0); i++)
        {
            if (_otherGroups![i].Group == group)
            {
                return i;
            }
        }

        return -1;
    }

    private void LeaveAllGroups()
    {
        _group.Group?.RemoveOnLoop(this);
        while (_otherGroups is [.., Membership last])
        {
            last.Group!.RemoveOnLoop(this);
        }
    }

    private readonly record struct Membership(GroupPart? Group, int Place);
}
