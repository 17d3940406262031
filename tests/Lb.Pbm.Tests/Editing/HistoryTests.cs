using Lb.Pbm.Editing;

namespace Lb.Pbm.Tests.Editing;

public sealed class HistoryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pbm-").FullName;

    private string FilePath => Path.Combine(_folder, "state", "pbm", "history");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Lines_outlive_the_process_and_only_the_owner_reads_them()
    {
        var history = new History(new HistoryFile(FilePath));
        foreach (string line in (string[])["one", "two", "two", "  ", " secret", "wörter"])
        {
            history.Add(line);
        }

        var next = new History(new HistoryFile(FilePath));
        Assert.Equal(["wörter", "two", "one"], Enumerable.Range(1, next.Count).Select(next.Back));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
    }

    [Fact]
    public void File_and_memory_are_bounded()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        File.WriteAllLines(FilePath, Enumerable.Range(0, 100_000).Select(i => $"line {i}"));
        var history = new History(new HistoryFile(FilePath));
        history.Add("last");
        Assert.Equal(History.Limit, history.Count);
        Assert.Equal(("last", "line 99999"), (history.Back(1), history.Back(2)));
        Assert.Equal(History.Limit + 1, File.ReadLines(FilePath).Count());
    }

    [Fact]
    public void Lines_that_no_editor_wrote_are_left_out()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        File.WriteAllBytes(FilePath, [.. "good\nbad\u001b[2J\n\n"u8, 0xff, 0x00, (byte)'\n', .. "also"u8]);
        var history = new History(new HistoryFile(FilePath));
        Assert.Equal(["also", "good"], Enumerable.Range(1, history.Count).Select(history.Back));
    }

    [Fact]
    public void Place_that_cannot_be_written_is_no_obstacle()
    {
        File.WriteAllText(Path.Combine(_folder, "state"), "a file where a folder should be");
        var history = new History(new HistoryFile(FilePath));
        history.Add("one");
        Assert.Equal("one", history.Back(1));
    }

    [Theory]
    [InlineData("/s", "/h", "/s/pbm/history")]
    [InlineData(null, "/h", "/h/.local/state/pbm/history")]
    [InlineData("relative", "/h", "/h/.local/state/pbm/history")]
    [InlineData(null, null, null)]
    public void Place_follows_the_rules_of_xdg(string? state, string? home, string? path) =>
        Assert.Equal(path, HistoryFile.OfUser(name => name == "HOME" ? home : state)?.Path);
}
