using Lb.Kernel.Migration;

namespace Lb.Kernel.Tests.Migration;

/// <summary>Structs as C lays them out when nothing has to be aligned.</summary>
internal static class Types
{
    public static StructType Struct(params IReadOnlyList<(string Name, DataType Type)> members)
    {
        List<DataMember> placed = [];
        int offset = 0;
        foreach ((string name, DataType type) in members)
        {
            placed.Add(new DataMember(name, offset, type));
            offset += type.Size;
        }

        return new StructType("", offset, IsUnion: false, placed);
    }
}
