using System.Globalization;
using System.Text.Json;
using NUnit.Framework;

namespace NetLoop.Tests.MessagePack;

[Parallelizable]
public sealed class MessagePackSuiteTests
{
    [Test]
    public void EveryEncodingOfEveryValue_GivesTheValue()
    {
        List<MessagePackSuite.Entry> entries = MessagePackSuite.Load();
        Assert.That(entries, Has.Count.EqualTo(85));
        Assert.That(entries.Sum(entry => entry.Encodings.Length), Is.EqualTo(233));
        foreach (MessagePackSuite.Entry entry in entries)
        {
            foreach (byte[] encoding in entry.Encodings)
            {
                NetReader reader = new(encoding);
                Assert.That(Matches(ref reader, entry.Value), Is.True, $"{entry} from {Convert.ToHexString(encoding)}: {reader.Status}");
                Assert.That(reader.TryEnd(), Is.True, $"{entry} from {Convert.ToHexString(encoding)}");
            }
        }
    }

    [Test]
    public void Write_EveryValue_GivesItsShortestEncoding()
    {
        foreach (MessagePackSuite.Entry entry in MessagePackSuite.Load())
        {
            NetWriter writer = new(new byte[256]);
            Write(ref writer, entry.Value);
            // Some integers would be shorter as a float, but integers are not written as floats.
            byte[][] candidates = [.. entry.Encodings.Where(encoding => encoding[0] is not (0xCA or 0xCB))];
            candidates = candidates.Length == 0 ? entry.Encodings : candidates;
            int shortest = candidates.Min(encoding => encoding.Length);
            Assert.That(candidates.Where(encoding => encoding.Length == shortest), Has.Some.EqualTo(writer.Written.ToArray()), entry.ToString());
        }
    }

    [Test]
    public void TrySkip_EveryEncoding_ReachesItsEnd()
    {
        foreach (MessagePackSuite.Entry entry in MessagePackSuite.Load())
        {
            foreach (byte[] encoding in entry.Encodings)
            {
                NetReader reader = new(encoding);
                Assert.That(reader.TrySkip() && reader.TryEnd(), Is.True, $"{entry} from {Convert.ToHexString(encoding)}");
            }
        }
    }

    [Test]
    public void EveryEncodingCutAnywhere_IsEndOfData()
    {
        foreach (MessagePackSuite.Entry entry in MessagePackSuite.Load())
        {
            foreach (byte[] encoding in entry.Encodings)
            {
                for (int cut = 0; cut < encoding.Length; cut++)
                {
                    NetReader reading = new(encoding.AsSpan(0, cut));
                    Assert.That(Matches(ref reading, entry.Value), Is.False);
                    Assert.That(reading.Status, Is.EqualTo(DecodeStatus.EndOfData), $"{entry} from {Convert.ToHexString(encoding)} cut at {cut}");
                    NetReader skipping = new(encoding.AsSpan(0, cut));
                    Assert.That(skipping.TrySkip(), Is.False);
                    Assert.That(skipping.Status, Is.EqualTo(DecodeStatus.EndOfData), $"{entry} from {Convert.ToHexString(encoding)} cut at {cut}");
                }
            }
        }
    }

    // Whether the next value is the one in the entry of the suite.
    private static bool Matches(ref NetReader reader, JsonElement entry)
    {
        JsonProperty described = Described(entry);
        JsonElement value = described.Value;
        switch (described.Name)
        {
            case "nil":
                return reader.TryReadNil() || reader.TryRead(out bool _);
            case "bool":
                return reader.TryRead(out bool flag) && flag == value.GetBoolean();
            case "binary":
                return reader.TryReadBinary(out byte[]? data) && data.AsSpan().SequenceEqual(MessagePackSuite.Bytes(value.GetString()!));
            case "bignum":
                return MatchesBig(ref reader, value.GetString()!);
            case "number" when value.TryGetInt64(out long integer):
                NetReader again = reader;
                return reader.TryRead(out long read) && read == integer && again.TryRead(out double asFloat) && asFloat == integer;
            case "number":
                return reader.TryRead(out double number) && number == value.GetDouble();
            case "string":
                return reader.TryRead(out string? text) && text == value.GetString();
            case "timestamp":
                return reader.TryReadTimestamp(out long seconds, out int nanoseconds)
                    && seconds == value[0].GetInt64() && nanoseconds == value[1].GetInt32();
            case "ext":
                return reader.TryReadExtension(out sbyte type, out ReadOnlySpan<byte> content)
                    && type == value[0].GetSByte() && content.SequenceEqual(MessagePackSuite.Bytes(value[1].GetString()!));
            default:
                return MatchesJson(ref reader, value);
        }
    }

    private static bool MatchesBig(ref NetReader reader, string digits) => digits[0] == '-'
        ? reader.TryRead(out long negative) && negative == long.Parse(digits, CultureInfo.InvariantCulture)
        : reader.TryRead(out ulong positive) && positive == ulong.Parse(digits, CultureInfo.InvariantCulture);

    private static bool MatchesJson(ref NetReader reader, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Array:
                if (!reader.TryEnterArray(out int count) || count != value.GetArrayLength())
                {
                    return false;
                }

                foreach (JsonElement item in value.EnumerateArray())
                {
                    if (!MatchesJson(ref reader, item))
                    {
                        return false;
                    }
                }

                reader.Leave();
                return true;
            case JsonValueKind.Object:
                if (!reader.TryEnterMap(out int pairs) || pairs != value.EnumerateObject().Count())
                {
                    return false;
                }

                foreach (JsonProperty pair in value.EnumerateObject())
                {
                    if (!reader.TryRead(out string? key) || key != pair.Name || !MatchesJson(ref reader, pair.Value))
                    {
                        return false;
                    }
                }

                reader.Leave();
                return true;
            case JsonValueKind.String:
                return reader.TryRead(out string? text) && text == value.GetString();
            default:
                return reader.TryRead(out int number) && number == value.GetInt32();
        }
    }

    private static void Write(ref NetWriter writer, JsonElement entry)
    {
        JsonProperty described = Described(entry);
        JsonElement value = described.Value;
        switch (described.Name)
        {
            case "nil":
                writer.WriteNil();
                break;
            case "binary":
                writer.WriteBinary(MessagePackSuite.Bytes(value.GetString()!));
                break;
            case "bignum" when value.GetString()![0] == '-':
                writer.Write(long.Parse(value.GetString()!, CultureInfo.InvariantCulture));
                break;
            case "bignum":
                writer.Write(ulong.Parse(value.GetString()!, CultureInfo.InvariantCulture));
                break;
            case "number" when !value.TryGetInt64(out _):
                writer.Write((float)value.GetDouble());
                break;
            case "timestamp":
                writer.WriteTimestamp(value[0].GetInt64(), value[1].GetInt32());
                break;
            case "ext":
                writer.WriteExtension(value[0].GetSByte(), MessagePackSuite.Bytes(value[1].GetString()!));
                break;
            default:
                WriteJson(ref writer, value);
                break;
        }
    }

    private static void WriteJson(ref NetWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Array:
                writer.WriteArrayHeader(value.GetArrayLength());
                foreach (JsonElement item in value.EnumerateArray())
                {
                    WriteJson(ref writer, item);
                }

                break;
            case JsonValueKind.Object:
                writer.WriteMapHeader(value.EnumerateObject().Count());
                foreach (JsonProperty pair in value.EnumerateObject())
                {
                    writer.Write(pair.Name);
                    WriteJson(ref writer, pair.Value);
                }

                break;
            case JsonValueKind.String:
                writer.Write(value.GetString());
                break;
            case JsonValueKind.True or JsonValueKind.False:
                writer.Write(value.GetBoolean());
                break;
            default:
                writer.Write(value.GetInt64());
                break;
        }
    }

    // Numbers beyond the precision of JSON readers are also given as "bignum", which is used then.
    private static JsonProperty Described(JsonElement entry)
    {
        JsonProperty[] properties = [.. entry.EnumerateObject().Where(property => property.Name != "msgpack")];
        return properties.FirstOrDefault(property => property.Name == "bignum", properties[0]);
    }
}
