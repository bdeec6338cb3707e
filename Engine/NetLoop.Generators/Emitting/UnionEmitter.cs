using NetLoop.Generators.Model;

namespace NetLoop.Generators.Emitting;

/// <summary>Writes the methods of a union, which is an array of the tag and the value.</summary>
internal static class UnionEmitter
{
    public static void EmitWrite(CodeWriter code, ContractModel union)
    {
        code.Line("// The exact type: a type derived from one in the list may have members that its reader does not know.");
        code.Line("global::System.Type type = value.GetType();");
        foreach (UnionCaseModel unionCase in union.Cases)
        {
            code.Open($"if (type == typeof({unionCase.Type.Name}))");
            code.Line("writer.WriteArrayHeader(2);");
            code.Line($"writer.Write({unionCase.Tag});");
            code.Line($"{unionCase.Type.Formatter}.Write(ref writer, ({unionCase.Type.Name})value);");
            code.Line("return;");
            code.Close();
        }

        code.Line("throw new global::System.InvalidOperationException(");
        code.Indent();
        string name = union.Name.Replace("global::", "");
        code.Line($"$\"'{{type}}' is not in the union {name}; add [Union(tag, typeof({{type.Name}}))] to it.\");");
        code.Outdent();
    }

    public static void EmitRead(CodeWriter code, ContractModel union)
    {
        code.Line("value = default;");
        code.Open("if (!reader.TryEnterArray(out int count))");
        code.Line("return false;");
        code.Close();
        code.Open("if (count != 2)");
        code.Line("reader.Fail(global::NetLoop.DecodeStatus.WrongType);");
        code.Line("return false;");
        code.Close();
        code.Open("if (!reader.TryRead(out int tag))");
        code.Line("return false;");
        code.Close();
        code.Open("switch (tag)");
        int number = 0;
        foreach (UnionCaseModel unionCase in union.Cases)
        {
            string local = $"case{number++}";
            code.Line($"case {unionCase.Tag}:");
            code.Indent();
            code.Open($"if (!{unionCase.Type.Formatter}.TryRead(ref reader, out var {local}))");
            code.Line("return false;");
            code.Close();
            code.Line($"value = {local};");
            code.Line("break;");
            code.Outdent();
        }

        code.Line("default:");
        code.Indent();
        code.Line("reader.Fail(global::NetLoop.DecodeStatus.UnknownTag);");
        code.Line("return false;");
        code.Outdent();
        code.Close();
        code.Line("reader.Leave();");
        code.Line("return true;");
    }
}
