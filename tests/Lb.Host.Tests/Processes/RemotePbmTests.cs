using System.Text.Json;
using Lb.Host.Tests.Access;
using Lb.Testing;

namespace Lb.Host.Tests.Processes;

/// <summary>pbm on another host, against a real lbd that lets it in by TLS and token.</summary>
public sealed class RemotePbmTests : IDisposable
{
    private const string Host = "10.77.1.1:9111";

    private readonly LbdProcess _lbd = new();
    private readonly TestCertificate _certificate;

    public RemotePbmTests()
    {
        _certificate = new TestCertificate(_lbd.Folder);
        _certificate.Issue("lb1", System.Net.IPAddress.Parse("10.77.1.1"));
        Configure();
    }

    private string[] Ca => ["--ca", _certificate.AuthorityFile];

    public void Dispose()
    {
        _lbd.Dispose();
        _certificate.Dispose();
    }

    [RootFact]
    public void An_operator_elsewhere_works_with_a_token_and_is_in_the_history_by_its_name()
    {
        _lbd.Start();
        string token = Local("--output", "json", "token", "add", "deploy", "--role", "operate", "--expires", "30d");
        string file = Path.Combine(_lbd.Folder, "token");
        File.WriteAllText(file, JsonDocument.Parse(token).RootElement.GetProperty("token").GetString() + "\n");
        string[] deploy = [.. Ca, "--token-file", file, Host];

        Assert.Contains("web | tcp 203.0.113.10:80", Ok([.. deploy, "service", "list"]));
        Ok([.. deploy, "backend", "drain", "web", "b1", "--why", "kernel update"]);
        JsonElement history = JsonDocument.Parse(Ok([.. deploy, "--output", "json", "config", "history"])).RootElement;
        JsonElement last = history.EnumerateArray().Last();
        Assert.StartsWith("deploy (", last.GetProperty("who").GetString());
        Assert.Equal("10.77.1.9", last.GetProperty("from").GetString());

        (int exitCode, _, string error) = Elsewhere([.. deploy, "token", "list"]);
        Assert.Equal(4, exitCode);
        Assert.Contains("token list needs the role admin; deploy", error);

        Local("token", "revoke", "deploy");
        (exitCode, _, error) = Elsewhere([.. deploy, "service", "list"]);
        Assert.Equal(4, exitCode);
        Assert.Contains("is unknown or was revoked", error);
    }

    [RootFact]
    public void Nobody_elsewhere_gets_in_without_a_token_or_trusts_a_host_without_its_authority()
    {
        _lbd.Start();
        (int exitCode, _, string error) = Elsewhere([.. Ca, Host, "service", "list"]);
        Assert.Equal(4, exitCode);
        Assert.Contains("this needs a token", error);
        (exitCode, _, error) = Elsewhere([Host, "service", "list"]);
        Assert.Equal(3, exitCode);
        Assert.Contains("cannot be trusted", error);
        Assert.Contains("--ca FILE", error);
        Assert.Equal(3, Elsewhere([.. Ca, "10.77.1.1:9110", "service", "list"]).ExitCode);
        Assert.Equal(2, Elsewhere(["--token-file", "/no/such", Host, "service", "list"]).ExitCode);
    }

    [RootFact]
    public void A_renewed_certificate_is_shown_after_a_reload()
    {
        _lbd.Start();
        _certificate.Issue("lb1-new", System.Net.IPAddress.Parse("10.77.1.1"));
        _lbd.Signal("HUP");
        _lbd.WaitForLog("The API shows the certificate of");
        Assert.Equal(4, Elsewhere([.. Ca, Host, "service", "list"]).ExitCode);
    }

    [RootFact]
    public void Lbd_does_not_start_with_a_certificate_that_cannot_be_used()
    {
        File.WriteAllText(_certificate.KeyFile, "no key");
        (int exitCode, _, string error) = _lbd.Run();
        Assert.Equal(1, exitCode);
        Assert.Contains("(lb.admin.remote) are no certificate and its key", error);
        File.Delete(_certificate.CertificateFile);
        (exitCode, _, error) = _lbd.Run();
        Assert.Equal(1, exitCode);
        Assert.Contains("cannot be read", error);
    }

    private void Configure() => _lbd.Configure($$"""
        admin.remote { host = 10.77.1.1, certificate = "{{_certificate.CertificateFile}}", key = "{{_certificate.KeyFile}}" }
        services.web { vip = 203.0.113.10, port = 80
          backends { b1 { address = 10.77.1.2, port = 8080 }, b2 { address = 10.77.1.3, port = 8080 } } }
        """);

    private string Local(params string[] arguments)
    {
        (int exitCode, string output, string error) = _lbd.RunBeside("pbm", arguments);
        Assert.True(exitCode == 0, $"pbm {string.Join(' ', arguments)} ended with {exitCode}: {error}{output}");
        return output;
    }

    private string Ok(string[] arguments)
    {
        (int exitCode, string output, string error) = Elsewhere(arguments);
        Assert.True(exitCode == 0, $"pbm {string.Join(' ', arguments)} ended with {exitCode}: {error}{output}");
        return output;
    }

    private (int ExitCode, string Output, string Error) Elsewhere(string[] arguments) =>
        _lbd.RunElsewhere("pbm", arguments);
}
