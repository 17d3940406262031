using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Lb.Pbm.Tests.Processes;

/// <summary><c>pbm cluster cert</c>, with no node to ask.</summary>
public sealed class CertificateTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pbm-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Authority_and_node_certificates_are_made_and_shown()
    {
        await DoneAsync("ca", "--name", "edge", "--out", Path("ca"));
        string made = await DoneAsync("node", "--ca", Path("ca"), "--host", "10.0.0.1", "--host", "fd00::1", "--out", Path("n1"));
        Assert.Contains("of node 10.0.0.1, fd00::1 of cluster edge", made);
        Assert.Equal(File.ReadAllText(Path("ca", "ca.pem")), File.ReadAllText(Path("n1", "ca.pem")));
        Assert.False(File.Exists(Path("n1", "ca-key.pem")));
        using var node = X509Certificate2.CreateFromPemFile(Path("n1", "node.pem"), Path("n1", "node-key.pem"));
        using var authority = X509CertificateLoader.LoadCertificateFromFile(Path("ca", "ca.pem"));
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        Assert.True(chain.Build(node));

        string json = await DoneAsync("show", Path("n1", "node.pem"), Path("ca", "ca.pem"), "--output", "json");
        JsonElement shown = JsonElement.Parse(json);
        Assert.Equal("10.0.0.1, fd00::1", shown[0].GetProperty("hosts").GetString());
        Assert.Equal("O=edge, CN=10.0.0.1", shown[0].GetProperty("subject").GetString());
        Assert.Equal("365 days left", shown[0].GetProperty("state").GetString());
        Assert.Equal("3650 days left", shown[1].GetProperty("state").GetString());
    }

    [Fact]
    public async Task Keys_are_their_owner_s_alone()
    {
        await DoneAsync("ca", "--name", "edge", "--out", Path("ca"));
        await DoneAsync("node", "--ca", Path("ca"), "--host", "10.0.0.1", "--out", Path("n1"));
        const UnixFileMode Owners = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(Owners, File.GetUnixFileMode(Path("ca", "ca-key.pem")));
        Assert.Equal(Owners, File.GetUnixFileMode(Path("n1", "node-key.pem")));
    }

    [Fact]
    public async Task What_is_there_is_kept_unless_forced()
    {
        await DoneAsync("ca", "--name", "edge", "--out", Path("ca"));
        string before = File.ReadAllText(Path("ca", "ca.pem"));
        await WrongAsync(1, "exists, and nothing was written", "ca", "--name", "edge", "--out", Path("ca"));
        Assert.Equal(before, File.ReadAllText(Path("ca", "ca.pem")));
        await DoneAsync("node", "--ca", Path("ca"), "--host", "10.0.0.1", "--out", Path("n1"));
        string key = File.ReadAllText(Path("n1", "node-key.pem"));
        await WrongAsync(1, "node-key.pem exists", "node", "--ca", Path("ca"), "--host", "10.0.0.1", "--out", Path("n1"));
        Assert.Equal(key, File.ReadAllText(Path("n1", "node-key.pem")));
        await DoneAsync("node", "--ca", Path("ca"), "--host", "10.0.0.1", "--out", Path("n1"), "--force");
        Assert.NotEqual(key, File.ReadAllText(Path("n1", "node-key.pem")));
    }

    [Fact]
    public async Task A_certificate_does_not_outlive_its_authority()
    {
        await DoneAsync("ca", "--name", "edge", "--out", Path("ca"), "--days", "10");
        string made = await DoneAsync("node", "--ca", Path("ca"), "--host", "10.0.0.1", "--out", Path("n1"));
        Assert.Contains("10 days left", made);
    }

    [Theory]
    [InlineData(2, "'cluster cert ca' needs --name", "ca", "--out", "x")]
    [InlineData(2, "--name cannot be 'Edge'", "ca", "--name", "Edge", "--out", "x")]
    [InlineData(2, "--days cannot be '0'", "ca", "--name", "edge", "--out", "x", "--days", "0")]
    [InlineData(2, "--days cannot be '1.5'", "ca", "--name", "edge", "--out", "x", "--days", "1.5")]
    [InlineData(2, "--host cannot be 'node1'", "node", "--ca", "x", "--host", "node1", "--out", "y")]
    [InlineData(2, "--host cannot be '10.1'", "node", "--ca", "x", "--host", "10.1", "--out", "y")]
    [InlineData(2, "--host cannot be '0.0.0.0'", "node", "--ca", "x", "--host", "0.0.0.0", "--out", "y")]
    [InlineData(1, "/nowhere has no authority", "node", "--ca", "/nowhere", "--host", "10.0.0.1", "--out", "y")]
    [InlineData(1, "cannot be written", "ca", "--name", "edge", "--out", "/proc/nowhere")]
    [InlineData(1, "/etc/hostname", "show", "/etc/hostname")]
    [InlineData(2, "has no command 'nod'", "nod")]
    public async Task What_is_wrong_is_said_with_what_to_do(int exitCode, string text, params string[] words) =>
        await WrongAsync(exitCode, text, words);

    [Fact]
    public async Task Help_needs_no_node_either()
    {
        (int exitCode, string output, _) = await PbmProcess.RunAsync("cluster", "cert");
        Assert.Equal(0, exitCode);
        Assert.Contains("cluster cert node --ca TEXT --host TEXT... --out TEXT", output);
        Assert.Contains("Default: 365", (await PbmProcess.RunAsync("help", "cluster", "cert", "node")).Output);
        Assert.Contains("Default: 365", (await PbmProcess.RunAsync("cluster", "cert", "node", "--help")).Output);
    }

    [Fact]
    public async Task A_shell_completes_it_without_a_node()
    {
        Assert.Equal(
            ["ca", "node", "show", "help"],
            (await PbmProcess.RunAsync("--complete", "pbm cluster cert ")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("--host", (await PbmProcess.RunAsync("--complete", "pbm cluster cert node --h")).Output);
    }

    private static async Task<string> DoneAsync(params string[] words)
    {
        (int exitCode, string output, string error) = await PbmProcess.RunAsync(["cluster", "cert", .. words]);
        Assert.Equal((0, ""), (exitCode, error));
        return output;
    }

    private static async Task WrongAsync(int exitCode, string text, params string[] words)
    {
        (int code, string output, string error) = await PbmProcess.RunAsync(["cluster", "cert", .. words]);
        Assert.Equal((exitCode, ""), (code, output));
        Assert.Contains(text, error);
        Assert.True(error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length >= 2, $"no mend: {error}");
    }

    private string Path(params string[] parts) => System.IO.Path.Combine([_folder, .. parts]);
}
