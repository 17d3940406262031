using System.Buffers.Binary;
using System.Text;

namespace Lb.Kernel.Migration;

/// <summary>The types of an object, read from its BTF.</summary>
internal sealed class BtfTypes
{
    private const ushort Magic = 0xEB9F;
    private const int Deepest = 32;
    private const int PointerSize = 8;

    private readonly byte[] _types;
    private readonly byte[] _strings;

    /// <summary>Where each type begins; number 0 is void.</summary>
    private readonly List<int> _offsets = [-1];
    private readonly Dictionary<string, int> _maps = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _structs = new(StringComparer.Ordinal);

    private BtfTypes(ReadOnlySpan<byte> btf)
    {
        if (BinaryPrimitives.ReadUInt16LittleEndian(btf) != Magic)
        {
            throw new InvalidDataException("It does not begin as BTF does.");
        }

        ReadOnlySpan<byte> body = btf[Int(btf, 4)..];
        _types = body.Slice(Int(btf, 8), Int(btf, 12)).ToArray();
        _strings = body.Slice(Int(btf, 16), Int(btf, 20)).ToArray();
        for (int at = 0; at < _types.Length; at += HeaderSize + ExtraSize(at))
        {
            Index(at);
        }
    }

    private const int HeaderSize = 12;

    private enum TypeKind
    {
        Int = 1,
        Pointer = 2,
        Array = 3,
        Struct = 4,
        Union = 5,
        Enum = 6,
        Typedef = 8,
        Volatile = 9,
        Const = 10,
        Restrict = 11,
        FunctionPrototype = 13,
        Variable = 14,
        DataSection = 15,
        Float = 16,
        DeclarationTag = 17,
        TypeTag = 18,
        Enum64 = 19,
    }

    /// <summary>Reads BTF; null when these bytes are none.</summary>
    public static BtfTypes? TryRead(ReadOnlySpan<byte> btf)
    {
        try
        {
            return new BtfTypes(btf);
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentOutOfRangeException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    /// <summary>The types of a map that the object declares; null when it declares none of that name.</summary>
    public MapLayout? OfMap(string map)
    {
        try
        {
            if (!_maps.TryGetValue(map, out int declared))
            {
                return null;
            }

            int inner = TargetOf(declared, "values");
            return inner == 0
                ? new MapLayout(Read(TargetOf(declared, "key")), Read(TargetOf(declared, "value")))
                : new MapLayout(Read(TargetOf(declared, "key")), Read(TargetOf(inner, "value")));
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentOutOfRangeException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    /// <summary>A struct by its name; null when there is none.</summary>
    public DataType? OfStruct(string name) => _structs.TryGetValue(name, out int id) ? Read(id) : null;

    private static int Int(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);

    private void Index(int at)
    {
        _offsets.Add(at);
        int id = _offsets.Count - 1;
        switch (KindAt(at))
        {
            case TypeKind.Variable:
                _maps.TryAdd(NameAt(at), SizeOrType(at));
                break;
            case TypeKind.Struct:
                _structs.TryAdd(NameAt(at), id);
                break;
        }
    }

    private TypeKind KindAt(int at) => (TypeKind)((Int(_types, at + 4) >> 24) & 0x1F);

    private int CountAt(int at) => Int(_types, at + 4) & 0xFFFF;

    private bool HasBitFields(int at) => Int(_types, at + 4) < 0;

    private int SizeOrType(int at) => Int(_types, at + 8);

    private string NameAt(int at) => Text(Int(_types, at));

    private string Text(int offset)
    {
        ReadOnlySpan<byte> rest = _strings.AsSpan(offset);
        return Encoding.ASCII.GetString(rest[..rest.IndexOf((byte)0)]);
    }

    private int ExtraSize(int at) => KindAt(at) switch
    {
        TypeKind.Int or TypeKind.Variable or TypeKind.DeclarationTag => 4,
        TypeKind.Array => 12,
        TypeKind.Struct or TypeKind.Union or TypeKind.DataSection or TypeKind.Enum64 => CountAt(at) * 12,
        TypeKind.Enum or TypeKind.FunctionPrototype => CountAt(at) * 8,
        _ => 0,
    };

    /// <summary>What a member of a map's declaration points at, through an array of pointers too; 0 when it has no such member.</summary>
    private int TargetOf(int declaration, string member)
    {
        int at = _offsets[declaration];
        for (int i = 0; i < CountAt(at); i++)
        {
            int entry = at + HeaderSize + (i * 12);
            if (Text(Int(_types, entry)) == member)
            {
                int pointer = _offsets[Int(_types, entry + 4)];
                if (KindAt(pointer) == TypeKind.Array)
                {
                    pointer = _offsets[Int(_types, pointer + HeaderSize)];
                }

                return SizeOrType(pointer);
            }
        }

        return 0;
    }

    private DataType? Read(int id) => id == 0 ? null : Read(id, isBigEndian: false, depth: 0);

    private DataType Read(int id, bool isBigEndian, int depth)
    {
        if (depth > Deepest)
        {
            throw new InvalidDataException("Its types go round in a circle.");
        }

        int at = _offsets[id];
        TypeKind kind = KindAt(at);
        return kind switch
        {
            TypeKind.Typedef => Read(
                SizeOrType(at), isBigEndian || NameAt(at).StartsWith("__be", StringComparison.Ordinal), depth + 1),
            TypeKind.Volatile or TypeKind.Const or TypeKind.Restrict or TypeKind.TypeTag => Read(SizeOrType(at), isBigEndian, depth + 1),
            TypeKind.Int when SizeOrType(at) <= 8 => new NumberType(
                SizeOrType(at), ((Int(_types, at + HeaderSize) >> 24) & 1) != 0, isBigEndian),
            TypeKind.Enum or TypeKind.Enum64 => new NumberType(SizeOrType(at), HasBitFields(at), isBigEndian),
            TypeKind.Array => new ArrayType(
                Read(Int(_types, at + HeaderSize), isBigEndian, depth + 1), Int(_types, at + HeaderSize + 8)),
            TypeKind.Struct or TypeKind.Union => new StructType(
                NameAt(at), SizeOrType(at), kind == TypeKind.Union, [.. Members(at, depth)]),
            TypeKind.Pointer => new OpaqueType("a pointer", PointerSize),
            TypeKind.Int or TypeKind.Float => new OpaqueType("a number of its own kind", SizeOrType(at)),
            _ => throw new InvalidDataException($"Type {id} is of no kind that a map can hold."),
        };
    }

    private IEnumerable<DataMember> Members(int at, int depth)
    {
        bool hasBitFields = HasBitFields(at);
        for (int i = 0; i < CountAt(at); i++)
        {
            int entry = at + HeaderSize + (i * 12);
            int position = Int(_types, entry + 8);
            int bits = hasBitFields ? position >>> 24 : 0;
            int offset = (hasBitFields ? position & 0xFF_FFFF : position) / 8;
            DataType type = bits == 0
                ? Read(Int(_types, entry + 4), isBigEndian: false, depth + 1)
                : new OpaqueType("a bit field", (bits + 7) / 8);
            string name = Text(Int(_types, entry));
            if (name.Length == 0 && type is StructType { IsUnion: false } nested)
            {
                // Its members are called as if they were the outer one's.
                foreach (DataMember member in nested.Members)
                {
                    yield return member with { Offset = offset + member.Offset };
                }
            }
            else
            {
                yield return new DataMember(name, offset, type);
            }
        }
    }
}
