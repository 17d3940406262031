using Lb.Testing;

namespace Lb.Host.Tests.Processes;

/// <summary>lbd as it was built, without anything that needs privileges.</summary>
public sealed class CommandLineTests : IDisposable
{
    private const string Valid =
        "lb { interfaces = [eth0], services.web { vip = 192.0.2.1, port = 80, backends.b1.address = 10.0.2.11 } }";

    private readonly string _folder = Directory.CreateTempSubdirectory("lbh-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Check_of_a_right_file_ends_with_0()
    {
        string file = Write($"{Valid}\nlb.kernel.bpffs = \"{_folder}\"");
        (int exitCode, string output, string error) = Lbd("--config", file, "--check");
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("site default with 1 service is right", output);
        Assert.Contains($"The pinned maps were not looked at: no BPF file system is at {_folder}.", output);
    }

    [Fact]
    public void Warnings_are_told_and_the_file_is_right()
    {
        string file = Write("lb { interfaces = [eth0], services.web { vip = 192.0.2.1, port = 80 } }");
        (int exitCode, _, string error) = Lbd("--config", file, "--check");
        Assert.Equal(0, exitCode);
        Assert.StartsWith($"{file}:1:27: warning: lb.services.web: there are no backends", error);
    }

    [Theory]
    [InlineData("--check")]
    [InlineData("--cleanup")]
    [InlineData("--doctor")]
    [InlineData(null)]
    public void Broken_file_ends_with_2_and_all_errors_whatever_is_asked(string? task)
    {
        string file = Write("lb {\n  interfaces = [eth0]\n  sit = x\n  admin.port = 0\n}\n");
        (int exitCode, string output, string error) = Lbd(["--config", file, .. task is null ? (string[])[] : [task]]);
        Assert.Equal((2, ""), (exitCode, output));
        string[] lines = error.TrimEnd().Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.StartsWith($"{file}:3:3: lb.sit: is not known here; expected one of site, ", lines[0]);
        Assert.StartsWith($"{file}:4:16: lb.admin.port: 0 is too small; expected a whole number", lines[1]);
    }

    [Fact]
    public void Text_that_is_no_hocon_ends_with_2()
    {
        string file = Write("lb { interfaces = [eth0\n");
        (int exitCode, _, string error) = Lbd("--config", file);
        Assert.Equal(2, exitCode);
        Assert.StartsWith($"{file}:", error);
    }

    [Fact]
    public void Missing_file_ends_with_2()
    {
        (int exitCode, _, string error) = Lbd("--config", Path.Combine(_folder, "nope.conf"));
        Assert.Equal(2, exitCode);
        Assert.Contains("nope.conf: found no such file", error);
    }

    [Theory]
    [InlineData("--nope", "Unrecognized command or argument '--nope'")]
    [InlineData("--check", "'--config' is required")]
    public void Wrong_command_line_ends_with_2(string argument, string message)
    {
        (int exitCode, string output, string error) = Lbd(argument);
        Assert.Equal((2, ""), (exitCode, output));
        Assert.Contains(message, error);
        Assert.Contains("lbd --help", error);
    }

    [Fact]
    public void Check_and_cleanup_exclude_each_other()
    {
        (int exitCode, _, string error) = Lbd("--config", Write(Valid), "--check", "--cleanup");
        Assert.Equal(2, exitCode);
        Assert.Contains("--check and --cleanup exclude each other", error);
    }

    [Theory]
    [InlineData("--check and --doctor exclude each other", "--check", "--doctor")]
    [InlineData("--cleanup and --doctor exclude each other", "--cleanup", "--doctor")]
    [InlineData("--fix goes with --doctor only", "--fix")]
    [InlineData("--output goes with --doctor only", "--output", "json")]
    [InlineData("--fix goes with --doctor only", "--check", "--fix")]
    [InlineData("xml", "--doctor", "--output", "xml")]
    public void Options_that_do_not_go_together_end_with_2(string message, params string[] arguments)
    {
        (int exitCode, string output, string error) = Lbd(["--config", Write(Valid), .. arguments]);
        Assert.Equal((2, ""), (exitCode, output));
        Assert.Contains(message, error);
    }

    [Theory]
    [InlineData("--help", "--config <FILE>")]
    [InlineData("--help", "--output <text|json>")]
    [InlineData("--version", "0.")]
    public void Help_and_version_end_with_0(string argument, string expected)
    {
        (int exitCode, string output, _) = Lbd(argument);
        Assert.Equal(0, exitCode);
        Assert.Contains(expected, output);
    }

    private static (int ExitCode, string Output, string Error) Lbd(params string[] arguments) =>
        Command.TryRun(LbdProcess.Executable, arguments);

    private string Write(string text)
    {
        string file = Path.Combine(_folder, "site.conf");
        File.WriteAllText(file, text);
        return file;
    }
}
