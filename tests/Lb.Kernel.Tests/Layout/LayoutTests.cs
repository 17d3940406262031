using Lb.Kernel.Layout;

namespace Lb.Kernel.Tests.Layout;

/// <summary>The mirrors of bpf/include/lb_types.h against the BTF that the compiler made of it.</summary>
public sealed class LayoutTests
{
    private static readonly Btf Shared = Btf.OfElf(EmbeddedObject.Read(EmbeddedObject.Layout));

    public static TheoryData<string> StructNames => [.. Shared.Structs.Select(s => s.Name).Where(IsShared)];

    public static TheoryData<string> EnumNames => [.. Shared.Enums.Select(e => e.Name).Where(IsShared)];

    [Fact]
    public void Shared_types_and_mirrors_are_the_same_set()
    {
        IEnumerable<string> shared = Shared.Structs.Select(s => s.Name)
            .Concat(Shared.Enums.Select(e => e.Name))
            .Where(IsShared);

        Assert.Equal(shared.Order(StringComparer.Ordinal), Mirror.All.Select(m => m.BtfName).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(StructNames))]
    public void Struct_lies_in_memory_as_its_mirror(string name)
    {
        BtfStruct shared = Shared.Structs.Single(s => s.Name == name);
        Mirror mirror = MirrorOf(name);

        Assert.Equal(shared.Size, mirror.Size);
        Assert.Equal(
            shared.Members.Select(m => (Mirror.Plain(m.Name), m.Offset, m.Size)),
            mirror.Fields().Select(f => (f.Name, f.Offset, f.Size)));
    }

    [Theory]
    [MemberData(nameof(StructNames))]
    public void Fields_in_network_order_say_so_on_both_sides(string name)
    {
        BtfStruct shared = Shared.Structs.Single(s => s.Name == name);

        Assert.Equal(
            shared.Members.Select(m => (m.Name, Order: m.TypeNames.FirstOrDefault(t => t is "__be16" or "__be32")))
                .Select(m => (Mirror.Plain(m.Name), m.Order)),
            MirrorOf(name).Fields().Select(f => (
                f.Name,
                f.Type == typeof(Be16) ? "__be16" : f.Type == typeof(Be32) ? "__be32" : null)));
    }

    [Theory]
    [MemberData(nameof(EnumNames))]
    public void Enum_has_the_values_of_its_mirror(string name)
    {
        BtfEnum shared = Shared.Enums.Single(e => e.Name == name);
        Mirror mirror = MirrorOf(name);
        bool flags = mirror.Type.IsDefined(typeof(FlagsAttribute), inherit: false);

        Assert.All(shared.Values.Keys, value => Assert.StartsWith(mirror.Prefix, value, StringComparison.Ordinal));
        Assert.Equal(
            shared.Values.Where(v => v.Key != mirror.Count)
                .Select(v => (Mirror.Plain(v.Key[mirror.Prefix.Length..]), v.Value))
                .Order(),
            Enum.GetNames(mirror.Type)
                .Select(n => (Mirror.Plain(n), Convert.ToInt64(Enum.Parse(mirror.Type, n))))
                .Where(v => !flags || v.Item2 != 0) // C has no name for no flag
                .Order());
    }

    [Fact]
    public void Count_of_an_enum_is_the_number_of_its_other_values()
    {
        Assert.All(Mirror.All.Where(m => m.Count is not null), mirror =>
        {
            BtfEnum shared = Shared.Enums.Single(e => e.Name == mirror.BtfName);
            Assert.Equal(shared.Values.Count - 1, shared.Values[mirror.Count!]);
        });
    }

    private static Mirror MirrorOf(string name) => Mirror.All.Single(m => m.BtfName == name);

    // The struct that only carries the others into BTF is not shared itself.
    private static bool IsShared(string name) =>
        name.StartsWith("lb_", StringComparison.Ordinal) && name != "lb_layout_types";
}
