using Lb.Docs;
using Lb.Testing;

namespace Lb.Host.Tests.Documents;

/// <summary>What is generated from the definitions is what is checked in, and is right.</summary>
public sealed class GeneratedTests
{
    public static TheoryData<string> Paths { get; } = [.. Document.All.Select(document => document.Path)];

    [Theory, MemberData(nameof(Paths))]
    public void What_is_checked_in_is_what_the_definitions_say(string path)
    {
        string checkedIn = CheckedIn(path);
        string generated = Document.All.Single(document => document.Path == path).Generate(checkedIn);
        Assert.True(checkedIn == generated, $"{path} is not what the definitions say any more: run `make docs`");
    }

    [Theory]
    [InlineData("docs/man/pbm.1")]
    [InlineData("docs/man/lbd.8")]
    public void Manuals_are_formatted_without_a_warning(string path)
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, CheckedIn(path));
            (int exitCode, string output, string error) =
                Command.TryRun("groff", ["-K", "utf8", "-man", "-ww", "-Tutf8", "-P-c", "-P-b", "-P-u", file]);
            Assert.Equal((0, ""), (exitCode, error));
            Assert.Contains("SEE ALSO", output);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Manual_of_pbm_tells_every_command_and_every_argument()
    {
        string text = CheckedIn("docs/man/pbm.1").Replace("\\-", "-");
        foreach (Host.Commands.Palette palette in Host.Commands.CommandDirectory.Palettes)
        {
            foreach (Host.Commands.Command command in palette.Commands)
            {
                Assert.Contains($".B {palette.Name} {command.Name}", text);
                Assert.All(command.Arguments.Where(argument => !argument.Positional), argument => Assert.Contains(
                    $".B --{argument.Name}", text));
            }
        }
    }

    [Fact]
    public void Events_are_unique_within_their_assembly_s_range_and_every_one_is_listed()
    {
        string list = CheckedIn("docs/log-events.md");
        (int Id, string Name)[] events =
        [
            .. ((Type[])[typeof(Kernel.KernelDatapath), typeof(Lb.Actors.SiteActor), typeof(Host.Logging.LogFeed)])
                .SelectMany(type => EventList.Read(type.Assembly))
                .Select(found => (found.Id, found.Name)),
        ];
        Assert.True(events.Length > 50, "no events are found");
        Assert.All(events, found => Assert.True(found.Id > 1000, $"{found.Name} has the number {found.Id}"));
        Assert.Equal(events.Length, events.DistinctBy(found => found.Id).Count());
        Assert.Equal(events.Length, events.DistinctBy(found => found.Name).Count());
        Assert.All(events, found => Assert.Contains($"| {found.Id} | `{found.Name}` |", list));
    }

    [Fact]
    public void A_number_is_not_used_for_another_event_and_one_that_is_gone_stays_listed()
    {
        string list = CheckedIn("docs/log-events.md");
        InvalidDataException reused = Assert.Throws<InvalidDataException>(
            () => EventList.Generate(list.Replace("| 2001 | `ConfigApplied` |", "| 2001 | `SomethingElse` |")));
        Assert.Equal(
            "Event 2001 was SomethingElse, and a number is never used for something else: give ConfigApplied another one.",
            reused.Message);

        string older = list.Replace("| 2002 |", "| 2899 | `Retired` | info | It was. |\n| 2002 |");
        Assert.Contains("| 2899 | `Retired` | gone | |", EventList.Generate(older));
    }

    /// <summary>A file of the sources, as it was when the tests were built.</summary>
    private static string CheckedIn(string path)
    {
        using StreamReader reader = new(typeof(GeneratedTests).Assembly.GetManifestResourceStream(path)
            ?? throw new InvalidOperationException($"{path} is not built into the tests."));
        return reader.ReadToEnd();
    }
}
