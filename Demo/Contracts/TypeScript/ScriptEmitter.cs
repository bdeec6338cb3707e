using System.Globalization;
using System.Text;

namespace NetLoop.Demo.Contracts.TypeScript;

/// <summary>Writes a client for an application's contracts: one file without dependencies.</summary>
internal sealed class ScriptEmitter
{
    private const string RuntimeResource = "NetLoop.Demo.Contracts.TypeScript.Runtime.ts.template";

    private readonly ContractSet _contracts;
    private readonly ContractComments _comments;
    private readonly HashSet<string> _contractNames;
    private readonly ScriptNames _names;
    private readonly ScriptTypes _types;
    private readonly StringBuilder _script = new();

    private ScriptEmitter(ContractSet contracts, ContractComments comments, Int64Form int64)
    {
        _contracts = contracts;
        _comments = comments;
        _contractNames = [.. contracts.Contracts.Select(contract => contract.Name)];
        _names = new ScriptNames(_contractNames);
        _types = new ScriptTypes(_names, int64);
    }

    /// <summary>Writes the client.</summary>
    /// <param name="contracts">The contracts of the application.</param>
    /// <param name="comments">The documentation comments of the contracts.</param>
    /// <param name="source">The application's name, for the first line.</param>
    /// <param name="int64">How 64-bit integers are represented.</param>
    /// <param name="withTypes">True for TypeScript, false for JavaScript.</param>
    /// <exception cref="FormatException">The contracts have a type that this version does not know.</exception>
    public static string Emit(ContractSet contracts, ContractComments comments, string source, Int64Form int64, bool withTypes)
    {
        var emitter = new ScriptEmitter(contracts, comments, int64);
        emitter.EmitAll(source);
        return ScriptDialect.Render(emitter._script.ToString(), withTypes);
    }

    private void EmitAll(string source)
    {
        Line($"// The NetLoop client of {source}, written by 'netloop contracts typescript'. Write it anew when the contracts change; it needs nothing else.");
        Line();
        Line("/** The hash of the contracts; a server with others refuses this client. */");
        Line($"export const fingerprint = 0x{_contracts.Fingerprint.ToString("x16", CultureInfo.InvariantCulture)}n;");
        Line();
        using (var runtime = new StreamReader(typeof(ScriptEmitter).Assembly.GetManifestResourceStream(RuntimeResource)!))
        {
            _script.Append(runtime.ReadToEnd().ReplaceLineEndings("\n"));
        }

        Line();
        Line("// ---- The contracts ------------------------------------------------------------------------------------------------------------------");
        foreach (ContractShape contract in _contracts.Contracts)
        {
            Line();
            if (contract.IsOpaque)
            {
                EmitOpaque(contract);
            }
            else if (contract.IsUnion)
            {
                EmitUnion(contract);
            }
            else
            {
                EmitMembers(contract, Members(contract));
            }
        }
    }

    private List<ScriptMember> Members(ContractShape contract)
    {
        IReadOnlyList<string> names = ScriptNames.OfMembers(contract.Members);
        return
        [
            .. contract.Members.Select((member, index) => new ScriptMember(
                member,
                names[index],
                $"m{index.ToString(CultureInfo.InvariantCulture)}",
                _types.Find(WireTypeParser.Parse(member.Type, _contractNames)),
                _comments.OfMember(contract.Name, member.Name ?? names[index]))),
        ];
    }

    private void EmitMembers(ContractShape contract, List<ScriptMember> members)
    {
        string name = _names.Of(contract.Name);
        Line("‹" + Comment(_comments.OfContract(contract.Name)) + "export interface " + name + " {");
        foreach (ScriptMember member in members)
        {
            _script.Append(Comment(member.Comment, "  "));
            Line($"  {member.Property}: {member.Type.Type};");
        }

        Line("}");
        Line("›");
        Begin(contract, name);
        if (contract.IsMap)
        {
            EmitMapWrite(members);
            EmitMapRead(name, members);
        }
        else
        {
            EmitArrayWrite(members);
            EmitArrayRead(name, members);
        }

        Line("};");
    }

    // Contracts that contain an opaque one can be sent and read as long as that member is absent.
    private void EmitOpaque(ContractShape contract)
    {
        string name = _names.Of(contract.Name);
        string failure = $"throw new TypeError({ScriptMember.Quote($"{contract.Name} is {contract.Form}: only that codec knows its bytes")});";
        Line($"‹export type {name} = unknown;");
        Line("›");
        Begin(contract, name);
        Line($"    {failure}");
        Line("  },");
        Line($"  read(reader‹: Reader›)‹: {name}› {{");
        Line($"    {failure}");
        Line("  },");
        Line("};");
    }

    private void Begin(ContractShape contract, string name)
    {
        string? response = contract.Response is { } declared ? _names.Of(declared) : null;
        string message = response is null ? $"MessageContract<{name}>" : $"RequestContract<{name}, {response}>";
        string kind = contract.MessageType is null ? $"Contract<{name}>" : message;
        Line($"/** {contract.Title} */");
        Line($"export const {name}‹: {kind}› = {{");
        Line($"  name: {ScriptMember.Quote(contract.Name)},");
        if (contract.MessageType is { } type)
        {
            Line($"  type: {type.ToString(CultureInfo.InvariantCulture)},");
        }

        if (response is not null)
        {
            Line($"  get response()‹: Contract<{response}>› {{");
            Line($"    return {response};");
            Line("  },");
        }

        Line($"  write(writer‹: Writer›, value‹: {name}›)‹: void› {{");
    }

    // Indexes without a member are nil.
    private void EmitArrayWrite(List<ScriptMember> members)
    {
        int count = members.Count == 0 ? 0 : members[^1].Index + 1;
        Line($"    writer.arrayHeader({count.ToString(CultureInfo.InvariantCulture)});");
        int next = 0;
        foreach (ScriptMember member in members)
        {
            for (; next < member.Index; next++)
            {
                Line("    writer.nil();");
            }

            Line($"    {member.Type.WriteOf("value" + member.Access)};");
            next++;
        }

        Line("  },");
    }

    private void EmitArrayRead(string name, List<ScriptMember> members)
    {
        Line($"  read(reader‹: Reader›)‹: {name}› {{");
        Line("    const count = reader.beginArray();");
        int next = 0;
        foreach (ScriptMember member in members)
        {
            for (; next < member.Index; next++)
            {
                Line($"    if (count > {next.ToString(CultureInfo.InvariantCulture)}) reader.skip();");
            }

            string index = member.Index.ToString(CultureInfo.InvariantCulture);
            string missing = member.IsRequired ? $"reader.missing({ScriptMember.Quote($"{name}.{member.Name}")})" : member.Type.Missing!;
            Line($"    const {member.Local}‹: {member.Type.Type}› = count > {index} ? {member.Type.Read} : {missing};");
            next++;
        }

        Line($"    reader.finish(count - {next.ToString(CultureInfo.InvariantCulture)});");
        EmitReturn(members);
    }

    private void EmitMapWrite(List<ScriptMember> members)
    {
        Line($"    writer.mapHeader({members.Count.ToString(CultureInfo.InvariantCulture)});");
        foreach (ScriptMember member in members)
        {
            Line($"    writer.string({ScriptMember.Quote(member.Name)});");
            Line($"    {member.Type.WriteOf("value" + member.Access)};");
        }

        Line("  },");
    }

    // If a key is repeated, the last value counts, as everywhere in NetLoop.
    private void EmitMapRead(string name, List<ScriptMember> members)
    {
        Line($"  read(reader‹: Reader›)‹: {name}› {{");
        foreach (ScriptMember member in members)
        {
            Line(member.IsRequired
                ? $"    let {member.Local}‹: {member.Type.Type} | undefined›;"
                : $"    let {member.Local}‹: {member.Type.Type}› = {member.Type.Missing};");
        }

        Line("    for (let left = reader.beginMap(); left > 0; left--) {");
        Line("      switch (reader.string()) {");
        foreach (ScriptMember member in members)
        {
            Line($"        case {ScriptMember.Quote(member.Name)}: {member.Local} = {member.Type.Read}; break;");
        }

        Line("        default: reader.skip();");
        Line("      }");
        Line("    }");
        Line("    reader.finish(0);");
        foreach (ScriptMember member in members.Where(member => member.IsRequired))
        {
            Line($"    if ({member.Local} === undefined) reader.missing({ScriptMember.Quote($"{name}.{member.Name}")});");
        }

        EmitReturn(members);
    }

    private void EmitReturn(List<ScriptMember> members)
    {
        Line($"    return {{ {string.Join(", ", members.Select(member => $"{member.LiteralKey}: {member.Local}"))} }};");
        Line("  },");
    }

    private void EmitUnion(ContractShape contract)
    {
        string name = _names.Of(contract.Name);
        List<(string Tag, string Name)> cases = [.. contract.Members.Select(member => (member.Key, _names.Of(member.Type)))];
        string types = string.Join(" | ", cases.Select(one => $"{{ type: \"{one.Name}\"; value: {one.Name} }}"));
        Line($"‹{Comment(_comments.OfContract(contract.Name))}export type {name} = {(cases.Count == 0 ? "never" : types)};");
        Line("›");
        Begin(contract, name);
        Line("    writer.arrayHeader(2);");
        Line("    switch (value.type) {");
        foreach ((string tag, string type) in cases)
        {
            Line($"      case \"{type}\": writer.int32({tag}); {type}.write(writer, value.value); break;");
        }

        Line($"      default: throw new RangeError(`${{(value‹ as {{ type: string }}›).type}} is no type of {name}`);");
        Line("    }");
        Line("  },");
        Line($"  read(reader‹: Reader›)‹: {name}› {{");
        Line("    const tag = reader.beginUnion();");
        Line($"    let value‹: {name}›;");
        Line("    switch (tag) {");
        foreach ((string tag, string type) in cases)
        {
            Line($"      case {tag}: value = {{ type: \"{type}\", value: {type}.read(reader) }}; break;");
        }

        Line($"      default: throw new DecodeError(`tag ${{tag}} is no type of {name}`);");
        Line("    }");
        Line("    reader.finish(0);");
        Line("    return value;");
        Line("  },");
        Line("};");
    }

    private static string Comment(string? text, string indentation = "") => text is null ? "" : $"{indentation}/** {text} */\n";

    private void Line(string text = "") => _script.Append(text).Append('\n');
}
