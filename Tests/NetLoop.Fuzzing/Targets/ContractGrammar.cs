using System.Reflection;
using System.Runtime.CompilerServices;
using NetLoop.Fuzzing.Mutation;

namespace NetLoop.Fuzzing.Targets;

/// <summary>Writes values that fit a contract, or nearly fit it, using reflection over its members.</summary>
internal sealed class ContractGrammar(Type contract)
{
    private const int MaxDepth = 8;
    private const int MaxItems = 4;
    private const int WrongOnceIn = 24;
    private const int NilOnceIn = 12;

    /// <summary>Adds a value of the contract.</summary>
    public void AddValue(InputBuffer output, FuzzRandom random) => Add(contract, output, random, 0);

    private static void Add(Type type, InputBuffer output, FuzzRandom random, int depth)
    {
        Type? underlying = Nullable.GetUnderlyingType(type);
        bool mayBeNil = underlying is not null || !type.IsValueType;
        if (random.OneIn(WrongOnceIn))
        {
            MessagePackGrammar.AddValue(output, random, depth);
        }
        else if (mayBeNil && (depth > MaxDepth || random.OneIn(NilOnceIn)))
        {
            output.Add(0xC0);
        }
        else if (!LeafGrammar.TryAdd(underlying ?? type, output, random))
        {
            AddComposite(underlying ?? type, output, random, depth);
        }
    }

    private static void AddComposite(Type type, InputBuffer output, FuzzRandom random, int depth)
    {
        if (type.GetCustomAttributes<UnionAttribute>().ToArray() is { Length: > 0 } cases)
        {
            UnionAttribute chosen = cases[random.Below(cases.Length)];
            MessagePackGrammar.AddArrayHeader(output, random, 2);
            AddSigned(output, chosen.Key);
            Add(chosen.SubType, output, random, depth + 1);
        }
        else if (typeof(ITuple).IsAssignableFrom(type) || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>)))
        {
            AddAll(type.GenericTypeArguments, output, random, depth);
        }
        else if (ElementOf(type) is { } element)
        {
            AddItems(element, output, random, depth);
        }
        else
        {
            AddMembers(type, output, random, depth);
        }
    }

    private static void AddItems(Type element, InputBuffer output, FuzzRandom random, int depth)
    {
        int count = depth > MaxDepth ? 0 : random.OneIn(16) ? random.Below(40) : random.Below(MaxItems);
        bool isMap = element.IsGenericType && element.GetGenericTypeDefinition() == typeof(KeyValuePair<,>);
        if (isMap)
        {
            MessagePackGrammar.AddMapHeader(output, random, count);
        }
        else
        {
            MessagePackGrammar.AddArrayHeader(output, random, count);
        }

        for (; count > 0; count--)
        {
            foreach (Type part in isMap ? element.GenericTypeArguments : [element])
            {
                Add(part, output, random, depth + 1);
            }
        }
    }

    private static void AddAll(Type[] types, InputBuffer output, FuzzRandom random, int depth)
    {
        MessagePackGrammar.AddArrayHeader(output, random, types.Length);
        foreach (Type type in types)
        {
            Add(type, output, random, depth + 1);
        }
    }

    private static void AddMembers(Type type, InputBuffer output, FuzzRandom random, int depth)
    {
        List<(object Key, Type Type)> members = [.. Members(type)];
        if (members.Exists(member => member.Key is string))
        {
            AddMap(members, output, random, depth);
            return;
        }

        int count = members.Count == 0 ? 0 : members.Max(member => (int)member.Key) + 1;
        // Also as older and newer versions of the contract would write it.
        int sent = random.OneIn(8) ? random.Below(count + 3) : count;
        MessagePackGrammar.AddArrayHeader(output, random, sent);
        for (int index = 0; index < sent; index++)
        {
            if (members.Find(member => member.Key is int key && key == index).Type is { } memberType)
            {
                Add(memberType, output, random, depth + 1);
            }
            else if (index < count)
            {
                output.Add(0xC0);
            }
            else
            {
                MessagePackGrammar.AddValue(output, random, depth + 1);
            }
        }
    }

    private static void AddMap(List<(object Key, Type Type)> members, InputBuffer output, FuzzRandom random, int depth)
    {
        List<(object Key, Type Type)> sent = [.. members.Where(_ => !random.OneIn(16)), .. members.Where(_ => random.OneIn(16))];
        MessagePackGrammar.AddMapHeader(output, random, sent.Count);
        foreach ((object key, Type type) in sent)
        {
            byte[] name = System.Text.Encoding.UTF8.GetBytes(random.OneIn(24) ? "unknown" : key.ToString()!);
            output.Add((byte)(0xA0 + name.Length));
            output.Add(name);
            Add(type, output, random, depth + 1);
        }
    }

    private static IEnumerable<(object Key, Type Type)> Members(Type type)
    {
        const BindingFlags all = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        ParameterInfo[] parameters = [.. type.GetConstructors(all).SelectMany(constructor => constructor.GetParameters())];
        foreach (PropertyInfo property in type.GetProperties(all))
        {
            ParameterInfo? parameter = Array.Find(parameters, candidate => candidate.Name == property.Name);
            if ((property.GetCustomAttribute<KeyAttribute>() ?? parameter?.GetCustomAttribute<KeyAttribute>()) is { } key)
            {
                yield return (KeyOf(key), property.PropertyType);
            }
        }

        foreach (FieldInfo field in type.GetFields(all))
        {
            if (field.GetCustomAttribute<KeyAttribute>() is { } key)
            {
                yield return (KeyOf(key), field.FieldType);
            }
        }
    }

    private static object KeyOf(KeyAttribute key) => (object?)key.StringKey ?? key.IntKey!.Value;

    private static Type? ElementOf(Type type) => type.GetInterfaces().Prepend(type)
        .Where(implemented => implemented.IsGenericType && implemented.GetGenericTypeDefinition() == typeof(IEnumerable<>))
        .Select(implemented => implemented.GenericTypeArguments[0])
        .FirstOrDefault();

    private static void AddSigned(InputBuffer output, int value)
    {
        output.Add(0xD2);
        output.AddBigEndian((uint)value, 4);
    }
}
