using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Lb.Kernel.Layout;

namespace Lb.Kernel.Tests.Layout;

/// <summary>A C# type that mirrors a C type, with where its fields really lie.</summary>
public sealed class Mirror
{
    private readonly BtfTypeAttribute _attribute;

    private Mirror(Type type, BtfTypeAttribute attribute)
    {
        Type = type;
        _attribute = attribute;
    }

    public static IReadOnlyList<Mirror> All { get; } =
    [
        .. from type in typeof(IDatapath).Assembly.GetTypes()
           let attribute = type.GetCustomAttribute<BtfTypeAttribute>()
           where attribute is not null
           select new Mirror(type, attribute),
    ];

    public Type Type { get; }

    public string BtfName => _attribute.Name;

    public string Prefix => _attribute.Prefix;

    public string? Count => _attribute.Count;

    public int Size => (int)Call(nameof(SizeOf), Type)!;

    /// <summary>The fields in the order of their offsets, found by writing ones into each.</summary>
    public IEnumerable<(string Name, int Offset, int Size, Type Type)> Fields() => Type
        .GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
        .Select(field =>
        {
            object instance = Activator.CreateInstance(Type)!;
            field.SetValue(instance, Call(nameof(Ones), field.FieldType));
            var bytes = (byte[])Call(nameof(Bytes), Type, instance)!;
            return (Plain(field.Name), Array.IndexOf(bytes, byte.MaxValue), bytes.Count(b => b != 0), field.FieldType);
        })
        .OrderBy(field => field.Item2);

    /// <summary>A name without what the two languages do differently: case, underscores, backing fields.</summary>
    public static string Plain(string name) => name
        .Replace("k__BackingField", "", StringComparison.Ordinal)
        .Replace("_", "", StringComparison.Ordinal)
        .Trim('<', '>')
        .ToUpperInvariant();

    private static object? Call(string method, Type type, params object[] arguments) => typeof(Mirror)
        .GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic)!
        .MakeGenericMethod(type)
        .Invoke(null, arguments);

    private static int SizeOf<T>() => Unsafe.SizeOf<T>();

    private static object Ones<T>()
        where T : unmanaged
    {
        T value = default;
        MemoryMarshal.AsBytes(new Span<T>(ref value)).Fill(byte.MaxValue);
        return value;
    }

    private static byte[] Bytes<T>(object boxed)
        where T : unmanaged
    {
        var value = (T)boxed;
        return MemoryMarshal.AsBytes(new Span<T>(ref value)).ToArray();
    }
}
