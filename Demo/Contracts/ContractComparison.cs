namespace NetLoop.Demo.Contracts;

/// <summary>Finds the changes between two versions of an application's contracts, and which of them break old programs.</summary>
internal sealed class ContractComparison
{
    private readonly List<ContractChange> _changes = [];

    private ContractComparison()
    {
    }

    /// <summary>Compares contracts: messages by number, or by name if the number no longer exists; other contracts by name.</summary>
    public static IReadOnlyList<ContractChange> Compare(ContractSet locked, ContractSet current)
    {
        ContractComparison comparison = new();
        HashSet<ContractShape> matched = [];
        foreach (ContractShape old in locked.Contracts)
        {
            if (Counterpart(old, current) is { } found)
            {
                matched.Add(found);
                comparison.Compare(old, found);
            }
            else if (old.MessageType is not null)
            {
                comparison.Break(old, "was removed; old programs still send it, and nobody handles it");
            }
        }

        foreach (ContractShape added in current.Contracts.Where(contract => contract.MessageType is not null && !matched.Contains(contract)))
        {
            comparison.Allow(added, "is new; old programs neither send it nor handle it");
        }

        return comparison._changes;
    }

    private static ContractShape? Counterpart(ContractShape old, ContractSet current) =>
        current.Contracts.FirstOrDefault(contract => old.MessageType is { } type && contract.MessageType == type)
        ?? current.Contracts.FirstOrDefault(contract => contract.Name == old.Name);

    private void Compare(ContractShape old, ContractShape current)
    {
        if (old.MessageType != current.MessageType)
        {
            Break(old, current.MessageType is { } type ? $"has number {type} now; keep the old one" : "is no longer a message");
        }
        else if (old.Name != current.Name)
        {
            Allow(old, $"is called {current.Name} now; if it is another message, give it a number of its own");
        }

        if (old.Form != current.Form)
        {
            Break(old, $"was {old.Form} and is {current.Form}");
        }
        else if (old.IsUnion)
        {
            CompareCases(old, current);
        }
        else
        {
            CompareMembers(old, current);
        }
    }

    private void CompareCases(ContractShape old, ContractShape current)
    {
        foreach (ContractMember before in old.Members)
        {
            if (Find(current, before.Key) is not { } after)
            {
                Break(old, $"tag {before.Key}, {before.Type}, was removed; old programs still send it");
            }
            else if (before.Type != after.Type)
            {
                Break(old, $"tag {before.Key} was {before.Type} and is {after.Type}; give the new type a tag of its own");
            }
        }

        foreach (ContractMember added in current.Members.Where(member => Find(old, member.Key) is null))
        {
            Break(old, $"tag {added.Key}, {added.Type}, is new; old programs reject it");
        }
    }

    private void CompareMembers(ContractShape old, ContractShape current)
    {
        foreach (ContractMember before in old.Members)
        {
            if (Find(current, before.Key) is { } after)
            {
                CompareMember(old, current, before, after);
            }
            else
            {
                Remove(old, current, before);
            }
        }

        foreach (ContractMember added in current.Members.Where(member => Find(old, member.Key) is null))
        {
            Add(old, added);
        }
    }

    private void CompareMember(ContractShape old, ContractShape current, ContractMember before, ContractMember after)
    {
        bool isRenamed = before.Name != after.Name;
        if (isRenamed && (before.Type != after.Type || IsElsewhere(before, current) || IsElsewhere(after, old)))
        {
            Break(old, $"key {before.Key} was '{before.Name}: {before.Type}' and is '{after.Name}: {after.Type}'; a key is never used again");
        }
        else if (before.Type != after.Type)
        {
            Break(old, $"member {before.Name ?? before.Key} was {before.Type} and is {after.Type}; add a member with a key of its own");
        }
        else if (isRenamed)
        {
            Allow(old, $"member {before.Name} is called {after.Name} now; if it means something else, give it a key of its own");
        }
    }

    private void Remove(ContractShape old, ContractShape current, ContractMember before)
    {
        string name = before.Name ?? before.Key;
        if (before.IsRequired)
        {
            Break(old, $"member {name} was removed, and old programs reject a value without it");
        }
        else if (!old.IsMap && !before.TakesNil && IndexOf(before) < current.Members.Select(IndexOf).DefaultIfEmpty(-1).Max())
        {
            Break(old, $"member {name} was removed from the middle; old programs find nil in its place, which a {before.Type} is not");
        }
        else
        {
            Allow(old, $"member {name} was removed; old programs take its default. Never use key {before.Key} again");
        }
    }

    private void Add(ContractShape old, ContractMember added)
    {
        string name = added.Name ?? added.Key;
        if (added.IsRequired)
        {
            Break(old, $"member {name} is new and required, and old programs do not send it; make it nullable or give it a default");
        }
        else if (!old.IsMap && !added.TakesNil && IndexOf(added) < old.Members.Select(IndexOf).DefaultIfEmpty(-1).Max())
        {
            Break(
                old,
                $"member {name} is new in the middle, where old programs send nil, which a {added.Type} is not; append it, or make it nullable");
        }
        else
        {
            Allow(old, $"member {name} is new; old programs skip it and do not send it");
        }
    }

    private static bool IsElsewhere(ContractMember member, ContractShape contract) =>
        contract.Members.Any(other => other.Name == member.Name && other.Key != member.Key);

    private static ContractMember? Find(ContractShape contract, string key) => contract.Members.FirstOrDefault(member => member.Key == key);

    private static int IndexOf(ContractMember member) =>
        int.TryParse(member.Key, System.Globalization.CultureInfo.InvariantCulture, out int index) ? index : 0;

    private void Break(ContractShape contract, string what) => _changes.Add(new(contract.Title, what, IsBreaking: true));

    private void Allow(ContractShape contract, string what) => _changes.Add(new(contract.Title, what, IsBreaking: false));
}
