using System.Net;
using System.Net.Mail;
using System.Text;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Outbox;
using Sigmatiq.Trading.Outside;

namespace Sigmatiq.Trading.Alerts;

/// <summary>Sends mail. The Message-ID follows from the key of the message, so that a mail sent twice is known for one.</summary>
internal sealed class SmtpChannel(SmtpSettings settings) : IMessageChannel
{
    /// <summary>The Message-ID of a key.</summary>
    public static string MessageIdOf(string key) => $"<{ContentHash.Of(key).Hex[..40]}@sigmatiq>";

    public async Task SendAsync(Delivery delivery, CancellationToken ct)
    {
        using MailMessage mail = new()
        {
            From = new(settings.From), Subject = MessageText.Title(delivery), SubjectEncoding = Encoding.UTF8,
            Body = MessageText.Plain(delivery), BodyEncoding = Encoding.UTF8, IsBodyHtml = false,
        };
        foreach (string to in settings.To)
        {
            mail.To.Add(new MailAddress(to));
        }

        mail.Headers.Add("Message-ID", MessageIdOf(delivery.Key));
        mail.Headers.Add("X-Sigmatiq-Key", Uri.EscapeDataString(delivery.Key));
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        // One talk per mail: a client that is kept says QUIT late or never, and few servers bear that.
        using SmtpClient client = new(settings.Host, settings.Port)
        {
            EnableSsl = settings.StartTls, DeliveryMethod = SmtpDeliveryMethod.Network, DeliveryFormat = SmtpDeliveryFormat.International,
            Credentials = settings.User is { } user ? new NetworkCredential(user, settings.Password!.Read().Reveal()) : null,
        };
        try
        {
            await client.SendMailAsync(mail, ct);
        }
        catch (Exception e) when (e is SmtpException or IOException or System.Security.Authentication.AuthenticationException)
        {
            string why = e.InnerException is { } inner and not SmtpException ? inner.Message : e.Message;
            throw new DeliveryException($"{settings.Host} did not take the mail: {why.ReplaceLineEndings(" ")}", null, e);
        }
    }

    public void Dispose()
    {
        // Nothing stays open between messages.
    }
}
