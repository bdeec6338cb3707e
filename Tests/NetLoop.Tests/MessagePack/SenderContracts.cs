namespace NetLoop.Tests.MessagePack;

/// <summary>All members that may be null although their type says otherwise.</summary>
[NetContract]
public sealed partial class Promises
{
    [Key(0)] public string Text { get; set; } = "";

    [Key(1)] public byte[] Data { get; set; } = [];

    [Key(2)] public List<string> Texts { get; set; } = [];

    [Key(3)] public Dictionary<string, List<string>> Nested { get; set; } = [];

    [Key(4)] public Hero Hero { get; set; } = new();

    [Key(5)] public Hero[] Heroes { get; set; } = [];

    [Key(6)] public (string, int) Pair { get; set; } = ("", 0);

    [Key(7)] public IEnumerable<int> Numbers { get; set; } = [];

    [Key(8)] public IReadOnlyDictionary<int, int> Map { get; set; } = new Dictionary<int, int>();

    [Key(9)] public Uri Link { get; set; } = new("a", UriKind.Relative);

    [Key(10)] public List<string?> MaybeTexts { get; set; } = [null];
}

[NetMessage(103)]
public sealed partial class Stream
{
    [Key(0)] public IEnumerable<int> Numbers { get; set; } = [];

    [Key(1)] public string Text { get; set; } = "";
}

/// <summary>Lists that two members may share.</summary>
[NetContract]
public sealed partial class Shares
{
    [Key(0)] public List<int> X { get; set; } = [];

    [Key(1)] public List<int> Y { get; set; } = [];

    [Key(2)] public List<int> Z { get; set; } = [];
}

[NetContract]
public sealed partial class SharesByName
{
    [Key("x")] public List<int> X { get; set; } = [];

    [Key("y")] public List<int> Y { get; set; } = [];
}

/// <summary>More names than are compared one by one, of few lengths and similar.</summary>
[NetContract]
public sealed partial class ManyNames
{
    [Key("")] public int Empty { get; set; }

    [Key("a")] public int A { get; set; }

    [Key("b")] public int B { get; set; }

    [Key("aa")] public int AA { get; set; }

    [Key("ab")] public int AB { get; set; }

    [Key("ba")] public int BA { get; set; }

    [Key("bb")] public int BB { get; set; }

    [Key("name001")] public int Name1 { get; set; }

    [Key("name002")] public int Name2 { get; set; }

    [Key("name101")] public int Name101 { get; set; }

    [Key("name102")] public int Name102 { get; set; }

    [Key("näme102")] public int Umlaut { get; set; }

    [Key("quote\"")] public int Quote { get; set; }
}
