// Prints what Go makes of keys: for each kind the private key, the certificate of an authority, one that the authority
// signs, and one without a subject, all in PEM. Run it as `go run tests/go.go > tests/go.pem`; keys are new each time,
// the rest follows from them.
package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"time"
)

func main() {
	two, err := rsa.GenerateKey(rand.Reader, 2048)
	check(err)
	three, err := rsa.GenerateMultiPrimeKey(rand.Reader, 3, 2048)
	check(err)
	_, edwards, err := ed25519.GenerateKey(rand.Reader)
	check(err)
	keys := []crypto.Signer{two, three, edwards}
	for _, curve := range []elliptic.Curve{elliptic.P224(), elliptic.P256(), elliptic.P384(), elliptic.P521()} {
		key, err := ecdsa.GenerateKey(curve, rand.Reader)
		check(err)
		keys = append(keys, key)
	}
	for _, key := range keys {
		write(key)
		ca := template("ca", true)
		ca.Raw = create(ca, ca, key, key)
		parent, err := x509.ParseCertificate(ca.Raw)
		check(err)
		leaf := template("größe", false)
		leaf.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}
		leaf.DNSNames = []string{"a.example", "*.b.example"}
		create(leaf, parent, key, key)
		nameless := template("", false)
		nameless.DNSNames = []string{"c.example"}
		nameless.NotBefore = time.Date(1949, 12, 31, 23, 59, 59, 0, time.UTC)
		nameless.NotAfter = time.Date(2050, 1, 1, 0, 0, 0, 0, time.UTC)
		create(nameless, nameless, key, key)
	}
}

// The template that sprig makes of a call's arguments (crypto.go, getBaseCertTemplate).
func template(name string, ca bool) *x509.Certificate {
	usage := x509.KeyUsageKeyEncipherment | x509.KeyUsageDigitalSignature
	if ca {
		usage |= x509.KeyUsageCertSign
	}
	return &x509.Certificate{
		SerialNumber:          new(big.Int).SetBytes([]byte{0x80, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}),
		Subject:               pkix.Name{CommonName: name},
		NotBefore:             time.Unix(1_767_225_600, 0),
		NotAfter:              time.Unix(1_767_225_600+365*24*3600, 0),
		KeyUsage:              usage,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
		BasicConstraintsValid: true,
		IsCA:                  ca,
	}
}

// Without a source of randomness, ECDSA signs as RFC 6979 says.
func create(template, parent *x509.Certificate, key, signer crypto.Signer) []byte {
	der, err := x509.CreateCertificate(nil, template, parent, key.Public(), signer)
	check(err)
	check(pem.Encode(os.Stdout, &pem.Block{Type: "CERTIFICATE", Bytes: der}))
	return der
}

func write(key crypto.Signer) {
	block := &pem.Block{}
	switch key := key.(type) {
	case *rsa.PrivateKey:
		block.Type, block.Bytes = "RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key)
	case *ecdsa.PrivateKey:
		der, err := x509.MarshalECPrivateKey(key)
		check(err)
		block.Type, block.Bytes = "EC PRIVATE KEY", der
	default:
		der, err := x509.MarshalPKCS8PrivateKey(key)
		check(err)
		block.Type, block.Bytes = "PRIVATE KEY", der
	}
	check(pem.Encode(os.Stdout, block))
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
