using System.Text.Json;

namespace Lb.Hocon.Tests;

/// <summary>The runtime's own JSON reader as the reference for the JSON part of HOCON.</summary>
internal static class JsonModel
{
    public static void AssertSame(JsonElement expected, HoconValue actual)
    {
        switch (expected.ValueKind)
        {
            case JsonValueKind.Object:
                HoconObject o = Assert.IsType<HoconObject>(actual);
                Assert.Equal(expected.EnumerateObject().Select(p => p.Name), o.Fields.Select(f => f.Key));
                Assert.All(o.Fields, f => AssertSame(expected.GetProperty(f.Key), f.Value));
                break;
            case JsonValueKind.Array:
                HoconArray a = Assert.IsType<HoconArray>(actual);
                Assert.Equal(expected.GetArrayLength(), a.Count);
                Assert.All(a, (element, i) => AssertSame(expected[i], element));
                break;
            case JsonValueKind.String:
                Assert.Equal(expected.GetString(), Assert.IsType<HoconString>(actual).Value);
                break;
            case JsonValueKind.Number:
                Assert.Equal(expected.GetRawText(), Assert.IsType<HoconNumber>(actual).Text);
                break;
            case JsonValueKind.True or JsonValueKind.False:
                Assert.Equal(expected.GetBoolean(), Assert.IsType<HoconBoolean>(actual).Value);
                break;
            default:
                Assert.IsType<HoconNull>(actual);
                break;
        }
    }
}
