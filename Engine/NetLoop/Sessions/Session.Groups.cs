using NetLoop.Sessions;

namespace NetLoop;

/// <content>The groups it is in, each with its place there. Most sessions are in one, which therefore needs no list.</content>
public sealed partial class Session
{
    private GroupPart? _group;
    private int _groupPlace;

    private List<Membership>? OtherGroups => _extras?.OtherGroups;

    /// <summary>Notes that it is in a group. Thread: loop.</summary>
    /// <returns>False when it was.</returns>
    internal bool TryJoin(GroupPart group, int place)
    {
        if (PlaceIn(group) >= 0)
        {
            return false;
        }

        if (_group is null)
        {
            _group = group;
            _groupPlace = place;
        }
        else
        {
            (Extras.OtherGroups ??= []).Add(new Membership(group, place));
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

        if (_group == group)
        {
            _group = null;
        }
        else
        {
            OtherGroups!.RemoveAt(PlaceAmongOthers(group));
        }

        return true;
    }

    /// <summary>Notes its new place in a group that it is in. Thread: loop.</summary>
    internal void MoveInGroup(GroupPart group, int place)
    {
        if (_group == group)
        {
            _groupPlace = place;
        }
        else
        {
            OtherGroups![PlaceAmongOthers(group)] = new Membership(group, place);
        }
    }

    private int PlaceIn(GroupPart group)
    {
        if (_group == group)
        {
            return _groupPlace;
        }

        int other = PlaceAmongOthers(group);
        return other < 0 ? -1 : OtherGroups![other].Place;
    }

    private int PlaceAmongOthers(GroupPart group)
    {
        for (int i = 0; i < (OtherGroups?.Count ?? 0); i++)
        {
            if (OtherGroups![i].Group == group)
            {
                return i;
            }
        }

        return -1;
    }

    private void LeaveAllGroups()
    {
        _group?.RemoveOnLoop(this);
        while (OtherGroups is [.., Membership last])
        {
            last.Group.RemoveOnLoop(this);
        }
    }
}
