using System.Buffers.Binary;
using System.Text;

namespace Lb.Kernel.Tests.Layout;

/// <summary>A member of a C struct.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Offset">In bytes.</param>
/// <param name="Size">In bytes.</param>
/// <param name="TypeNames">Names of its type, from the outermost typedef inwards.</param>
public sealed record BtfMember(string Name, int Offset, int Size, IReadOnlyList<string> TypeNames);

/// <summary>A C struct.</summary>
public sealed record BtfStruct(string Name, int Size, IReadOnlyList<BtfMember> Members);

/// <summary>A C enum.</summary>
public sealed record BtfEnum(string Name, IReadOnlyDictionary<string, long> Values);

/// <summary>The structs and enums in the BTF of an object file (docs: the kernel's Documentation/bpf/btf.rst).</summary>
public sealed class Btf
{
    private readonly byte[] _strings;
    private readonly List<RawType> _types = [new(0, 0, 0, 0, [])];

    private Btf(ReadOnlySpan<byte> section)
    {
        int header = Int(section, 4);
        ReadOnlySpan<byte> types = section.Slice(header + Int(section, 8), Int(section, 12));
        _strings = section.Slice(header + Int(section, 16), Int(section, 20)).ToArray();
        for (int at = 0; at < types.Length;)
        {
            uint info = (uint)Int(types, at + 4);
            int count = (int)(info & 0xFFFF);
            int kind = (int)(info >> 24) & 0x1F;
            int extra = ExtraSize(kind, count);
            _types.Add(new RawType(
                kind, count, Int(types, at), Int(types, at + 8), types.Slice(at + 12, extra).ToArray()));
            at += 12 + extra;
        }
    }

    public IEnumerable<BtfStruct> Structs => _types
        .Where(type => type.Kind == Kind.Struct)
        .Select(type => new BtfStruct(Text(type.Name), type.SizeOrType, [.. Members(type)]));

    public IEnumerable<BtfEnum> Enums => _types
        .Where(type => type.Kind == Kind.Enum)
        .Select(type => new BtfEnum(Text(type.Name), Enumerable.Range(0, type.Count).ToDictionary(
            i => Text(Int(type.Extra, i * 8)), i => (long)Int(type.Extra, (i * 8) + 4), StringComparer.Ordinal)));

    public static Btf OfElf(ReadOnlySpan<byte> elf)
    {
        int table = (int)BinaryPrimitives.ReadInt64LittleEndian(elf[0x28..]);
        int entrySize = BinaryPrimitives.ReadUInt16LittleEndian(elf[0x3A..]);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(elf[0x3C..]);
        int namesIndex = BinaryPrimitives.ReadUInt16LittleEndian(elf[0x3E..]);
        ReadOnlySpan<byte> names = Section(elf, table + (namesIndex * entrySize));
        for (int i = 0; i < count; i++)
        {
            int entry = table + (i * entrySize);
            if (ZeroTerminated(names[Int(elf, entry)..]) == ".BTF")
            {
                return new Btf(Section(elf, entry));
            }
        }

        throw new InvalidDataException("The object has no section .BTF.");
    }

    private static ReadOnlySpan<byte> Section(ReadOnlySpan<byte> elf, int entry) => elf.Slice(
        (int)BinaryPrimitives.ReadInt64LittleEndian(elf[(entry + 0x18)..]),
        (int)BinaryPrimitives.ReadInt64LittleEndian(elf[(entry + 0x20)..]));

    private static int Int(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);

    private static string ZeroTerminated(ReadOnlySpan<byte> bytes) =>
        Encoding.ASCII.GetString(bytes[..bytes.IndexOf((byte)0)]);

    private static int ExtraSize(int kind, int count) => kind switch
    {
        Kind.Int or Kind.Var or Kind.DeclTag => 4,
        Kind.Array => 12,
        Kind.Struct or Kind.Union or Kind.DataSection or Kind.Enum64 => count * 12,
        Kind.Enum or Kind.FunctionPrototype => count * 8,
        _ => 0,
    };

    private string Text(int offset) => ZeroTerminated(_strings.AsSpan(offset));

    private IEnumerable<BtfMember> Members(RawType type)
    {
        for (int i = 0; i < type.Count; i++)
        {
            int memberType = Int(type.Extra, (i * 12) + 4);
            yield return new BtfMember(
                Text(Int(type.Extra, i * 12)),
                Int(type.Extra, (i * 12) + 8) / 8,
                SizeOf(memberType),
                [.. TypeNames(memberType)]);
        }
    }

    private IEnumerable<string> TypeNames(int id)
    {
        RawType type = _types[id];
        yield return Text(type.Name);
        if (type.Kind == Kind.Typedef)
        {
            foreach (string inner in TypeNames(type.SizeOrType))
            {
                yield return inner;
            }
        }
    }

    private int SizeOf(int id)
    {
        RawType type = _types[id];
        return type.Kind switch
        {
            Kind.Array => SizeOf(Int(type.Extra, 0)) * Int(type.Extra, 8),
            Kind.Typedef or Kind.Volatile or Kind.Const => SizeOf(type.SizeOrType),
            _ => type.SizeOrType,
        };
    }

    private static class Kind
    {
        public const int Int = 1;
        public const int Array = 3;
        public const int Struct = 4;
        public const int Union = 5;
        public const int Enum = 6;
        public const int Typedef = 8;
        public const int Volatile = 9;
        public const int Const = 10;
        public const int FunctionPrototype = 13;
        public const int Var = 14;
        public const int DataSection = 15;
        public const int DeclTag = 17;
        public const int Enum64 = 19;
    }

    private sealed record RawType(int Kind, int Count, int Name, int SizeOrType, byte[] Extra);
}
