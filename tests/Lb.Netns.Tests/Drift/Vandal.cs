using System.Globalization;
using System.Text.Json;
using Lb.Testing;

namespace Lb.Netns.Tests.Drift;

/// <summary>Another program, bpftool, that writes into what a site has in the kernel.</summary>
internal sealed class Vandal(string site)
{
    private string Root => $"/sys/fs/bpf/lb/{site}";

    /// <summary>Changes the value of the first entry that is chosen.</summary>
    public void Overwrite(string map, Func<byte[], byte[], bool> which, Action<byte[]> change)
    {
        (byte[] key, byte[] value) = Find(Pin(map), which);
        change(value);
        Update(Pin(map), key, value);
    }

    /// <summary>Changes the value of a known entry.</summary>
    public void Overwrite(string map, uint index, Action<byte[]> change)
    {
        byte[] key = BitConverter.GetBytes(index);
        byte[] value = Bytes(Json(["map", "lookup", .. Pin(map), "key", "hex", .. Hex(key)]).GetProperty("value"));
        change(value);
        Update(Pin(map), key, value);
    }

    /// <summary>Deletes the first entry that is chosen.</summary>
    public void Delete(string map, Func<byte[], byte[], bool> which) =>
        BpfTool(["map", "delete", .. Pin(map), "key", "hex", .. Hex(Find(Pin(map), which).Key)]);

    /// <summary>Deletes an entry of an array, if there is one.</summary>
    public void DeleteIndex(string map, uint index) => Command.TryRun(
        "bpftool", ["map", "delete", .. Pin(map), "key", "hex", .. Hex(BitConverter.GetBytes(index))]);

    /// <summary>Adds an entry: the first one, under a changed key.</summary>
    public void Add(string map, Func<byte[], byte[], bool> which, Action<byte[]> changeKey)
    {
        (byte[] key, byte[] value) = Find(Pin(map), which);
        changeKey(key);
        Update(Pin(map), key, value);
    }

    /// <summary>Changes a slot of every table.</summary>
    public void OverwriteSlots(Action<byte[]> change)
    {
        foreach (uint id in InnerMaps())
        {
            string[] map = ["id", $"{id}"];
            byte[] value = Bytes(Json(["map", "lookup", .. map, "key", "hex", "07", "00", "00", "00"]).GetProperty("value"));
            change(value);
            Update(map, [7, 0, 0, 0], value);
        }
    }

    /// <summary>Detaches the program of an interface.</summary>
    public void Detach(string device, TestNamespace host)
    {
        int index = host.Link(device).Index;
        JsonElement link = Json(["link", "show", "pinned", $"{Root}/links/{index}"]);
        BpfTool("link", "detach", "id", $"{link.GetProperty("id").GetUInt32()}");
    }

    /// <summary>Removes something that is pinned.</summary>
    public void Unpin(string path)
    {
        if (Directory.Exists($"{Root}/{path}"))
        {
            Directory.Delete($"{Root}/{path}", recursive: true);
        }
        else
        {
            File.Delete($"{Root}/{path}");
        }
    }

    /// <summary>
    /// What is pinned, as paths; without tables, which have one buffer or two. Those are what the check itself looks at.
    /// </summary>
    public IReadOnlySet<string> Pins() => Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories)
        .Where(path => !path.StartsWith($"{Root}/tables/", StringComparison.Ordinal))
        .ToHashSet();

    private static void Update(string[] map, byte[] key, byte[] value) =>
        BpfTool(["map", "update", .. map, "key", "hex", .. Hex(key), "value", "hex", .. Hex(value)]);

    private static (byte[] Key, byte[] Value) Find(string[] map, Func<byte[], byte[], bool> which) =>
        Json(["map", "dump", .. map]).EnumerateArray()
            .Select(entry => (Key: Bytes(entry.GetProperty("key")), Value: Bytes(entry.GetProperty("value"))))
            .First(entry => which(entry.Key, entry.Value));

    private uint[] InnerMaps() => [.. Json(["map", "dump", .. Pin("lb_tables")]).EnumerateArray()
        .Select(entry => BitConverter.ToUInt32(Bytes(entry.GetProperty("value"))))];

    private string[] Pin(string map) => ["pinned", $"{Root}/maps/{map}"];

    private static JsonElement Json(IReadOnlyList<string> arguments) =>
        JsonDocument.Parse(Command.Run("bpftool", ["-j", .. arguments])).RootElement;

    private static void BpfTool(params IReadOnlyList<string> arguments) => Command.Run("bpftool", arguments);

    private static byte[] Bytes(JsonElement hex) =>
        [.. hex.EnumerateArray().Select(b => byte.Parse(b.GetString().AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture))];

    private static string[] Hex(byte[] bytes) => [.. bytes.Select(b => $"{b:x2}")];
}
